public import TuningModel

/// Entries of a log as server-sent events.
///
/// - Source: the HTML standard, section "Server-sent events".
public enum ServerSentEvents {
  /// The media type.
  public static let mediaType = "text/event-stream"

  /// The place in the log at which a stream begins, for clients that have to connect again before the first event.
  public static func start(_ position: Int) -> String { "id: \(position)\n\n" }

  /// A comment that says nothing, to show that the connection lives.
  public static let keepAlive = ": still here\n\n"

  /// One entry; JSON text has no line breaks.
  public static func text(_ notice: StudyNotice) -> String {
    "id: \(notice.sequence)\nevent: \(notice.kind)\ndata: \(notice.json.text)\n\n"
  }

  /// Takes events out of a stream of bytes, however it is cut.
  public struct Reader: Sendable {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var endsInReturn = false
    private var id: Int?

    /// The place in the log that the last event, or the beginning of the stream, has named.
    public private(set) var lastID: Int?

    /// So many bytes an event may have.
    public static let limit = 8 << 20

    /// Creates a reader at the beginning of a stream.
    public init() {}

    /// The data of the events that end in these bytes.
    ///
    /// - Throws: `unexpectedAnswer` where an event is too long.
    public mutating func take(_ bytes: some Sequence<UInt8>) throws(StudyError) -> [[UInt8]] {
      var events: [[UInt8]] = []
      for byte in bytes {
        let isEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "\n") && endsInReturn {
          endsInReturn = false
          continue
        }
        endsInReturn = byte == UInt8(ascii: "\r")
        if !isEnd {
          line.append(byte)
          if line.count + data.count > Self.limit {
            throw StudyError(.unexpectedAnswer, "The server sent an event of more than \(Self.limit) bytes.")
          }
          continue
        }
        if line.isEmpty {
          if !data.isEmpty { events.append(data) }
          data = []
          lastID = id
        } else if line.starts(with: Array("id:".utf8)) {
          let text = String(decoding: line.dropFirst(3), as: UTF8.self)
          id = Int(text.hasPrefix(" ") ? String(text.dropFirst()) : text) ?? id
        } else if line.starts(with: Array("data:".utf8)) {
          if !data.isEmpty { data.append(UInt8(ascii: "\n")) }
          data += line.dropFirst(line.starts(with: Array("data: ".utf8)) ? 6 : 5)
        }
        line = []
      }
      return events
    }
  }
}
