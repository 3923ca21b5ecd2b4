/// On whose behalf something is done, for the audit.
///
/// It accompanies the task that does it, like a request's identity in a trace: nothing in between has to know of it.
public struct Caller: Hashable, Sendable {
  /// How the caller came in.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Over a server, with an access token.
    case token
    /// Over a server that asks for no token.
    case anonymous
    /// In the process that holds the database: the command on a file, or a program with the library.
    case local
  }

  /// How the caller came in.
  public var kind: Kind
  /// The id of its token.
  public var tokenID: String?
  /// The name of its request in the server's log.
  public var requestID: String?

  /// Describes a caller.
  public init(_ kind: Kind, tokenID: String? = nil, requestID: String? = nil) {
    self.kind = kind
    self.tokenID = tokenID
    self.requestID = requestID
  }

  /// On whose behalf the present task works.
  @TaskLocal public static var current = Caller(.local)
}
