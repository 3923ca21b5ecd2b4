public import TuningModel

extension APIOperation {
  /// Who may use an operation where tokens are needed.
  public enum Access: Hashable, Sendable {
    /// Everybody.
    case open
    /// Whoever has a token with one of these scopes.
    case scopes([AccessScope])
  }

  /// Who may use the operation.
  ///
  /// One that is not named here is for `read` where it only reads, else for `write`, so that a new one is not open by
  /// mistake.
  public var access: Access {
    switch self {
    case .getHealth, .getReadiness, .getContract: .open
    case .ask, .report, .tell, .tellMany, .heartbeat, .requeue, .noteDeletedCheckpoints: .scopes([.work])
    // Workers need the space, and show how their study comes along.
    case .getStudy, .getTrial, .getBest, .listCheckpoints: .scopes([.read, .work])
    case .predict: .scopes([.read])
    case .getMetrics: .scopes([.read, .admin])
    case .listTuners: .scopes(AccessScope.allCases)
    case .createToken, .listTokens, .revokeToken, .listAudit: .scopes([.admin])
    default: .scopes(method == "GET" ? [.read] : [.write])
    }
  }
}
