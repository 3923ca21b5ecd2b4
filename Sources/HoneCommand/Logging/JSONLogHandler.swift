package import Logging
import StudyOperations
import TuningModel

/// Writes each message as one JSON object on a line: `time`, `level`, `message`, and what accompanies it.
///
/// What accompanies a message never takes the place of these three. Numbers stay text, as the caller gave them.
package struct JSONLogHandler: LogHandler {
  /// Accompanies every message.
  package var metadata: Logger.Metadata = [:]
  /// The least severe messages that are written.
  package var logLevel: Logger.Level = .info
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes whole lines.
  package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(Self.json)
    fields["time"] = .string(SystemClock().now.text)
    fields["level"] = .string(event.level.rawValue)
    fields["message"] = .string("\(event.message)")
    write(JSONValue.object(fields).text + "\n")
  }

  private static func json(_ value: Logger.MetadataValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text)
    case .stringConvertible(let value): .string("\(value)")
    case .array(let values): .array(values.map(json))
    case .dictionary(let values): .object(values.mapValues(json))
    }
  }
}
