import Foundation

/// The executable under test, running as a process of its own.
final class RunningCommand: Sendable {
  /// How a process ended and what it wrote.
  struct Ending: Sendable {
    var status: Int32
    var wasKilled: Bool
    var output: String
    var errors: String
  }

  private let process = Process()
  let output: StreamedText
  let errors: StreamedText
  private let exit = StreamedText.Flag()

  /// The executable that was built beside this test bundle.
  static var executable: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("hone")
  }

  /// Starts `hone` with these arguments.
  init(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:], in folder: URL? = nil
  ) throws {
    let (outputPipe, errorPipe) = (Pipe(), Pipe())
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HONE_") }
    variables.merge(environment) { $1 }
    process.environment = variables
    process.standardOutput = outputPipe
    process.standardError = errorPipe
    let inputPipe = Pipe()
    process.standardInput = inputPipe
    process.terminationHandler = { [exit] _ in exit.raise() }
    // Foundation's Process has crashed when many of them were started at the same time.
    try Self.starting.withLock { [process] in try process.run() }
    output = StreamedText(outputPipe.fileHandleForReading)
    errors = StreamedText(errorPipe.fileHandleForReading)
    if let input { try inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try inputPipe.fileHandleForWriting.close()
  }

  private static let starting = NSLock()

  /// The process identifier.
  var identifier: Int32 { process.processIdentifier }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end.
  func ending() async -> Ending {
    await exit.wait()
    let (output, errors) = (await output.whole(), await errors.whole())
    return Ending(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal, output: output,
      errors: errors)
  }

  /// Runs `hone` to its end.
  static func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:], in folder: URL? = nil
  ) async throws -> Ending {
    try await RunningCommand(arguments, input: input, environment: environment, in: folder).ending()
  }
}
