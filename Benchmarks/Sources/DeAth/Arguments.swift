import Foundation
import Hone

/// What the command line asks for.
struct Arguments {
  var problems = TestProblem.all
  var seeds = 2
  var firstSeed = 0
  var evaluations = 250
  var jobs = 1
  var noise = Noise.auto
  var label = "default"
  var tuner = TunerChoice("bayesian")
  var output = "de-ath.jsonl"
  var designs = "DeAth/designs"
  var version = "unknown"

  static let usage = """
    de-ath: the ten problems of De Ath and others, from shared starting designs.
      --problems A,B     which; all where left out
      --seeds N          how many runs of each, up to 51 (2)
      --first-seed N     the first of them (0)
      --evaluations N    of each run, the starting points among them (250)
      --jobs N           runs at the same time (1)
      --noise WHAT       auto, none or a standard deviation (auto)
      --label NAME       what the runs are kept under (default)
      --tuner A=1,B=x    options of the tuner bayesian; name=… for another tuner
      --out FILE         one line of JSON for each run; runs that it holds are skipped (de-ath.jsonl)
      --designs FOLDER   where the starting designs are (DeAth/designs)
      --version TEXT     what is noted as the engine's version
    """

  init(_ words: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word != "--help", let value = rest.popFirst() else { throw Failure(Self.usage) }
      switch word {
      case "--problems":
        problems = try value.split(separator: ",").map { name in
          guard let problem = TestProblem.all.first(where: { $0.name == name }) else {
            let known = TestProblem.all.map(\.name).joined(separator: ", ")
            throw Failure("There is no problem \(name); there are \(known).")
          }
          return problem
        }
      case "--seeds": seeds = try Self.count(value, word)
      case "--first-seed": firstSeed = try Self.count(value, word)
      case "--evaluations": evaluations = try Self.count(value, word)
      case "--jobs": jobs = try max(1, Self.count(value, word))
      case "--noise": noise = try Self.noise(value)
      case "--label": label = value
      case "--tuner": tuner = try Self.tuner(value)
      case "--out": output = value
      case "--designs": designs = value
      case "--version": version = value
      default: throw Failure("There is no option \(word).\n\(Self.usage)")
      }
    }
  }

  private static func count(_ text: String, _ option: String) throws -> Int {
    guard let number = Int(text), number >= 0 else { throw Failure("\(option) needs a whole number, not \(text).") }
    return number
  }

  private static func noise(_ text: String) throws -> Noise {
    switch text {
    case "auto": return .auto
    case "none": return .none
    default:
      guard let deviation = Double(text), deviation > 0 else {
        throw Failure("--noise takes auto, none or a standard deviation.")
      }
      return .fixed(deviation)
    }
  }

  private static func tuner(_ text: String) throws -> TunerChoice {
    var choice = TunerChoice("bayesian")
    for item in text.split(separator: ",") {
      let parts = item.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw Failure("--tuner takes name=value, not \(item).") }
      let (name, value) = (String(parts[0]), String(parts[1]))
      if name == "name" {
        choice.name = value
      } else {
        choice.options[name] = (try? JSONValue(text: value)) ?? .string(value)
      }
    }
    return choice
  }
}
