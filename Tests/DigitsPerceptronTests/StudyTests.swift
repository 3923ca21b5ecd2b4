import DigitsPerceptron
import Foundation
import Testing
import TuningModel

@Suite("The study that tunes the example")
struct StudyTests {
  private let definition: StudyDefinition

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("Examples/DigitsPerceptron/study.json")
    definition = try StudyDefinition(JSONValue(text: Data(contentsOf: file)))
  }

  /// Command line for some parameters, as the README's template makes it.
  private func options(_ values: Parameters) throws -> Options {
    try Options(
      values.flatMap { name, value in
        let text = if case .string(let text) = value.json { text } else { value.json.text }
        return ["--" + name.replacing("_", with: "-"), text]
      })
  }

  @Test("It minimises the loss that the program prints")
  func objective() {
    #expect(definition.name == "digits")
    #expect(definition.objectives == [Objective("loss", .minimise)])
  }

  @Test("Its defaults are those of the program")
  func defaults() throws {
    var values: Parameters = [:]
    for parameter in definition.space.parameters { values[parameter.name] = parameter.defaultValue }
    #expect(values.count == 9)
    #expect(values.removeValue(forKey: "beta2") == .float(0.999))
    #expect(try options(values) == Options())
  }

  @Test("The program takes both ends of every range, and leaves out what is inactive", arguments: ["sgd", "adam"])
  func bounds(optimizer: String) throws {
    for isHigh in [false, true] {
      var values: Parameters = [:]
      for parameter in definition.space.parameters {
        switch parameter.domain {
        case .float(let domain): values[parameter.name] = .float(isHigh ? domain.high : domain.low)
        case .int(let domain): values[parameter.name] = .int(isHigh ? domain.high : domain.low)
        default: values[parameter.name] = parameter.domain.value(atLevel: 0)
        }
      }
      values["optimizer"] = .string(optimizer)
      let active = definition.space.activeNames(for: values)
      #expect(values.count - active.count == 1)
      let options = try options(values.filter { active.contains($0.key) })
      #expect(options.width == (isHigh ? 256 : 8))
    }
  }
}
