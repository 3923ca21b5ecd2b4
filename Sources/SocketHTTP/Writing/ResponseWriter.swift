public import Foundation

/// Writes a streamed body.
public struct ResponseWriter: Sendable {
  /// Why a write threw, beside cancellation.
  public enum Failure: Error, Hashable, Sendable {
    /// The client closed or reset the connection, a deadline passed, or the server stopped.
    case clientGone
  }

  let channel: StreamChannel

  /// Sends bytes; suspends while more wait for the network than the server's high-water mark.
  ///
  /// Throws ``Failure/clientGone``, or CancellationError in a cancelled task. Bytes are sent as soon as the network
  /// takes them; small writes in quick succession may travel together.
  public func write(_ bytes: [UInt8]) async throws {
    try await channel.write(bytes)
  }

  /// Sends Data, as ``write(_:)-([UInt8])`` does.
  public func write(_ data: Data) async throws {
    try await channel.write(data)
  }

  /// Sends text in UTF-8, as ``write(_:)-([UInt8])`` does.
  public func write(_ text: String) async throws {
    try await channel.write(text.utf8)
  }
}
