import SocketHTTP
import TuningAPI
import TuningModel

/// Decides whether a request may be carried out, before anything of it is.
struct Gatekeeper: Sendable {
  let access: any AccessGuard
  let hosts: ServedHosts

  /// A request that may be carried out.
  struct Admission: Sendable {
    /// The token that it came with, where one is needed.
    var token: AccessToken?
  }

  /// Why a request may not be carried out.
  struct Refusal: Error {
    var problem: Problem
    /// What `WWW-Authenticate` says, where a token is what is missing.
    var challenge: String?
    /// The token that is good, but not for this.
    var tokenID: String?

    enum Problem {
      case study(StudyError)
      case host(String)
    }
  }

  /// Admits a request or refuses it.
  ///
  /// - Parameters:
  ///   - operation: what the path and method name; `nil` where there is no such operation, which is only told to whoever
  ///     may know.
  ///   - study: the study that the path names.
  func admit(
    _ request: HTTPRequest, to operation: APIOperation?, study: String?
  ) throws(Refusal) -> Admission {
    if operation?.access == .open { return Admission() }
    guard access.isClosed else {
      try checkHost(of: request)
      return Admission()
    }
    let token = try token(of: request)
    if let operation { try check(token, for: operation, study: study) }
    return Admission(token: token)
  }

  /// Refuses requests that are for another host.
  ///
  /// A page on the web could have its own name resolved to this machine and then speak to the server as if it were its
  /// own; but it cannot choose `Host`. Where tokens are needed it would have none, so any name will do.
  private func checkHost(of request: HTTPRequest) throws(Refusal) {
    guard let authority = request.authority, !hosts.contain(authority: authority) else { return }
    throw Refusal(
      problem: .host(
        "Without access tokens this server answers only to requests for \(hosts.summary). Another name is allowed with "
          + "--allow-host."))
  }

  private func token(of request: HTTPRequest) throws(Refusal) -> AccessToken {
    let fields = request.headers.values(of: "Authorization")
    if fields.isEmpty {
      throw Self.unauthenticated(
        "This needs an access token: `Authorization: Bearer hone_…`. Whoever runs the server makes one with `hone token "
          + "create`; the command takes it from HONE_TOKEN.", reason: nil)
    }
    let words = fields[0].split(separator: " ")
    guard fields.count == 1, words.count == 2, words[0].lowercased() == "bearer",
      let credential = AccessCredential(text: String(words[1]))
    else {
      throw Self.unauthenticated("Authorization must be `Bearer` and an access token, hone_…_….")
    }
    switch access.judge(credential) {
    case .accepted(let token): return token
    case .expired(let end): throw Self.unauthenticated("The access token expired at \(end.text).")
    case .refused: throw Self.unauthenticated("There is no such access token, or it was revoked.")
    }
  }

  private static func unauthenticated(_ detail: String, reason: String? = "invalid_token") -> Refusal {
    let error = reason.map { ", error=\"\($0)\"" } ?? ""
    return Refusal(
      problem: .study(StudyError(.unauthenticated, detail)), challenge: "Bearer realm=\"hone\"\(error)")
  }

  private func check(_ token: AccessToken, for operation: APIOperation, study: String?) throws(Refusal) {
    if case .scopes(let scopes) = operation.access, token.scopes.isDisjoint(with: scopes) {
      let names = scopes.map(\.rawValue)
      let wanted = names.count == 1 ? "the scope \(names[0])" : "one of the scopes \(names.joined(separator: ", "))"
      throw Refusal(
        problem: .study(StudyError(.forbidden, "The access token \(token.id) lacks \(wanted), which this needs.")),
        challenge: "Bearer realm=\"hone\", error=\"insufficient_scope\", scope=\"\(names.joined(separator: " "))\"",
        tokenID: token.id)
    }
    guard token.studyPrefix != nil else { return }
    if let study {
      try check(token, covers: study)
    } else if !Self.isForSomeStudies(operation) {
      throw Refusal(
        problem: .study(
          StudyError(.forbidden, "The access token \(token.id) is limited to studies; this is about the whole server."))
      )
    }
  }

  private func check(_ token: AccessToken, covers study: String) throws(Refusal) {
    do throws(StudyError) { try token.check(covers: study) } catch {
      throw Refusal(problem: .study(error), tokenID: token.id)
    }
  }

  /// Whether an operation that names no study in its path heeds the prefix itself, or tells nothing of studies.
  private static func isForSomeStudies(_ operation: APIOperation) -> Bool {
    switch operation {
    case .createStudy, .listStudies, .listTuners: true
    default: false
    }
  }
}

extension AccessToken {
  /// - Throws: `forbidden` where the token is limited to other studies, whether or not there is this one.
  func check(covers study: String) throws(StudyError) {
    if covers(study: study) { return }
    throw StudyError(
      .forbidden, "The access token \(id) is limited to studies whose names begin with \"\(studyPrefix ?? "")\".")
  }
}
