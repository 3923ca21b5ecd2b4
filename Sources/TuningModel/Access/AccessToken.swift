/// What is known of an access token; its secret is not.
public struct AccessToken: Hashable, Sendable {
  /// Names the token in answers, in the log and in the audit: 16 hexadecimal digits.
  public var id: String
  /// What its user calls it.
  public var name: String
  /// What it may do.
  public var scopes: Set<AccessScope>
  /// It may use only studies whose names begin with this; `nil` for all.
  public var studyPrefix: String?
  /// When it was made.
  public var createdAt: Timestamp
  /// When it ends; `nil` for never.
  public var expiresAt: Timestamp?
  /// When it was revoked.
  public var revokedAt: Timestamp?
  /// When it was last used, to five minutes.
  public var lastUsedAt: Timestamp?

  /// Describes a token.
  public init(
    id: String, name: String, scopes: Set<AccessScope>, studyPrefix: String? = nil, createdAt: Timestamp,
    expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
  ) {
    self.id = id
    self.name = name
    self.scopes = scopes
    self.studyPrefix = studyPrefix
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.lastUsedAt = lastUsedAt
  }

  /// Whether the token may use the study of that name, should there be one.
  public func covers(study name: String) -> Bool {
    studyPrefix.map { name.utf8.starts(with: $0.utf8) } ?? true
  }
}

/// A token that is wanted.
public struct AccessTokenRequest: Hashable, Sendable {
  /// What its user calls it.
  public var name: String
  /// What it may do.
  public var scopes: Set<AccessScope>
  /// It may use only studies whose names begin with this; `nil` for all.
  public var studyPrefix: String?
  /// When it ends; `nil` for never.
  public var expiresAt: Timestamp?

  /// Creates a request.
  public init(name: String, scopes: Set<AccessScope>, studyPrefix: String? = nil, expiresAt: Timestamp? = nil) {
    self.name = name
    self.scopes = scopes
    self.studyPrefix = studyPrefix
    self.expiresAt = expiresAt
  }

  /// The mistakes in the request that can be seen without a clock.
  public var mistakes: [InputMistake] {
    var mistakes: [InputMistake] = []
    if !Name.isValid(name) { mistakes.append(InputMistake(pointer: "/name", detail: Name.rule)) }
    if scopes.isEmpty {
      let all = AccessScope.allCases.map(\.rawValue).joined(separator: ", ")
      mistakes.append(InputMistake(pointer: "/scopes", detail: "Must name at least one of \(all)."))
    }
    if let studyPrefix {
      if !Name.isValid(studyPrefix) { mistakes.append(InputMistake(pointer: "/study_prefix", detail: Name.rule)) }
      if scopes.contains(.admin) {
        mistakes.append(
          InputMistake(
            pointer: "/study_prefix",
            detail: "A token with the scope admin can make others, so it cannot be limited to a prefix."))
      }
    }
    return mistakes
  }
}

/// A token that was just made, with its secret, which nobody can read again.
public struct IssuedToken: Hashable, Sendable {
  /// What is known of it.
  public var token: AccessToken
  /// What its user presents.
  public var credential: AccessCredential

  /// Creates an answer.
  public init(_ token: AccessToken, credential: AccessCredential) {
    self.token = token
    self.credential = credential
  }
}
