import ArgumentParser
import Logging

/// The form in which the log is written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  /// Lines for people.
  case text
  /// One JSON object in each line, for programs.
  case json

  /// Makes what writes it to standard error.
  var handler: @Sendable (String) -> any LogHandler {
    switch self {
    case .text: { StreamLogHandler.standardError(label: $0) }
    case .json: { _ in JSONLogHandler { Terminal.errors.write($0) } }
    }
  }
}
