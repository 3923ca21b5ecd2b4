import Foundation
import Testing

@Suite("The program")
struct ProgramTests {
  /// Runs the program far from its folder.
  private func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("DigitsPerceptron")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // A few lines each: neither pipe can fill while the other is read.
    let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  @Test("It finds its data from any folder, and prints its result alone on standard output")
  func result() throws {
    let run = try run(["--epochs", "1", "--width", "4", "--test"])
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /hone: \{"loss": [0-9.]+, "error": 0\.[0-9]+\}\n/) != nil)
    #expect(run.errors.contains("validation: loss") && run.errors.contains("test: loss"))
  }

  @Test("A training that diverges is reported as such")
  func diverges() throws {
    let run = try run(["--learning-rate", "1e300"])
    #expect(run.status == 0 && run.output == "hone: {\"loss\": \"NaN\", \"error\": 1.0}\n")
  }

  @Test("A mistake in the options ends it with status 2, missing data with status 1, and no result")
  func mistakes() throws {
    let usage = try run(["--width", "many"])
    #expect(usage.status == 2 && usage.output.isEmpty && usage.errors.contains("--width"))
    let data = try run(["--data", "/nowhere.csv"])
    #expect(data.status == 1 && data.output.isEmpty && data.errors.contains("/nowhere.csv"))
  }

  @Test("Help lists every option of the study")
  func help() throws {
    let run = try run(["--help"])
    #expect(run.status == 0)
    for option in [
      "width", "depth", "learning-rate", "batch", "optimizer", "momentum", "beta2", "weight-decay", "dropout",
    ] {
      #expect(run.output.contains("--\(option) "))
    }
  }
}
