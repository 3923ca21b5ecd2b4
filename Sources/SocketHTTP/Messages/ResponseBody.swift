public import Foundation

/// The body of a response: whole, or produced while it is sent.
public enum ResponseBody: Sendable {
  /// A whole body.
  case bytes([UInt8])
  /// A whole body, as encoders make it.
  case data(Data)
  /// A body that is produced while it is sent; made by ``stream(endsWhenClientCloses:_:)``.
  case streamed(ResponseStream)

  /// A body written piece by piece, chunked to HTTP/1.1 and ended by closing to HTTP/1.0.
  ///
  /// - Parameters:
  ///   - endsWhenClientCloses: also take a client that closed only its own direction for gone. Without it such a client
  ///     is served to the end, and one that vanished from an idle stream is noticed at the next write. Set it for
  ///     server-sent events.
  ///   - produce: runs once the head is on its way. The stream ends when it returns; when it throws, the connection is
  ///     reset, so that the client sees that the body is not complete. Its task is cancelled when the client goes.
  public static func stream(
    endsWhenClientCloses: Bool = false, _ produce: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) -> ResponseBody {
    .streamed(ResponseStream(endsWhenClientCloses: endsWhenClientCloses, produce: produce))
  }

  /// The bytes of a whole body, nil for a stream.
  public var whole: [UInt8]? {
    switch self {
    case .bytes(let bytes): bytes
    case .data(let data): Array(data)
    case .streamed: nil
    }
  }
}

/// A body that is produced while it is sent.
public struct ResponseStream: Sendable {
  /// Whether a client that closed only its own direction counts as gone.
  public let endsWhenClientCloses: Bool

  /// Writes the body; see ``ResponseBody/stream(endsWhenClientCloses:_:)``.
  public let produce: @Sendable (ResponseWriter) async throws -> Void
}
