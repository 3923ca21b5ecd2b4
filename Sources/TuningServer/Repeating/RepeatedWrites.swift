import SocketHTTP
import TuningAPI
import TuningModel

/// Answers a write that arrives again under its key as it was answered at first.
///
/// One request under a key is carried out at a time; others wait for its end, and then find its answer, or are carried out
/// themselves where it was refused.
actor RepeatedWrites {
  private struct UnderWay {
    var fingerprint: String
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let keeper: any AnswerKeeper
  private var underWay: [String: UnderWay] = [:]

  init(_ keeper: any AnswerKeeper) { self.keeper = keeper }

  /// Carries out a write, unless that was done before.
  ///
  /// - Throws: `key_reused` where the key belongs to another request; what the write fails with, which is not kept.
  func answer(
    _ key: String, _ fingerprint: String,
    _ carryOut: @Sendable (RepeatableWrite) async throws(StudyError) -> StudyAnswer
  ) async throws(StudyError) -> HTTPResponse {
    try await enter(key, fingerprint)
    do throws(StudyError) {
      let response = try await once(key, fingerprint, carryOut)
      leave(key)
      return response
    } catch {
      leave(key)
      throw error
    }
  }

  private func once(
    _ key: String, _ fingerprint: String,
    _ carryOut: @Sendable (RepeatableWrite) async throws(StudyError) -> StudyAnswer
  ) async throws(StudyError) -> HTTPResponse {
    if let kept = try await keeper.keptAnswer(to: key) {
      if kept.fingerprint != fingerprint { throw .keyReused }
      var response = HTTPResponse(kept.content)
      response.headers[IdempotencyKey.replayedField] = "true"
      return response
    }
    let write = RepeatableWrite(key: key, fingerprint: fingerprint) { HTTPResponse($0).kept }
    let answer = try await carryOut(write)
    if let kept = write.kept { return HTTPResponse(kept.content) }
    return HTTPResponse(try await keeper.keep(answer, to: write).content)
  }

  private func enter(_ key: String, _ fingerprint: String) async throws(StudyError) {
    while let entry = underWay[key] {
      if entry.fingerprint != fingerprint { throw .keyReused }
      await withCheckedContinuation { underWay[key]?.waiting.append($0) }
    }
    underWay[key] = UnderWay(fingerprint: fingerprint)
  }

  private func leave(_ key: String) {
    for waiting in underWay.removeValue(forKey: key)?.waiting ?? [] { waiting.resume() }
  }
}

extension StudyError {
  /// The key belongs to another request.
  fileprivate static let keyReused = StudyError(
    .keyReused, "This Idempotency-Key was used for another request; every write needs a key of its own.")
}
