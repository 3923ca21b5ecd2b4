import Foundation

/// A write that its client may send again, under a key of its own, without its happening twice.
///
/// Whoever carries it out keeps its answer in the same transaction as what it changes, so that neither is ever there
/// without the other. It accompanies the task that it is carried out by, like a request's identity in a trace: nothing in
/// between has to know of it.
public final class RepeatableWrite: @unchecked Sendable {
  /// The write that the present task carries out, where it may be repeated.
  @TaskLocal public static var current: RepeatableWrite?

  /// How long an answer is kept, in seconds.
  public static let keptSeconds = 86_400.0

  private let key: String
  private let fingerprint: String
  private let render: @Sendable (StudyAnswer) -> KeptAnswer.Content
  private let lock = NSLock()
  private var keptAnswer: KeptAnswer?

  /// Prepares to carry out a write.
  ///
  /// - Parameters:
  ///   - key: the client's name for the write.
  ///   - fingerprint: what tells its request from others.
  ///   - render: the form in which the client receives an answer.
  public init(
    key: String, fingerprint: String, render: @escaping @Sendable (StudyAnswer) -> KeptAnswer.Content
  ) {
    self.key = key
    self.fingerprint = fingerprint
    self.render = render
  }

  /// The answer in the form in which it is to be kept.
  public func answer(_ answer: StudyAnswer, at time: Timestamp) -> KeptAnswer {
    KeptAnswer(key: key, fingerprint: fingerprint, content: render(answer), at: time)
  }

  /// Notes that an answer was kept.
  public func note(_ answer: KeptAnswer) { lock.withLock { keptAnswer = answer } }

  /// The answer that was kept; `nil` before, and where the write changed nothing.
  public var kept: KeptAnswer? { lock.withLock { keptAnswer } }
}

/// The answer to a write as its client received it.
public struct KeptAnswer: Hashable, Sendable {
  /// The client's name for the write.
  public var key: String
  /// What tells its request from others.
  public var fingerprint: String
  /// The answer.
  public var content: Content
  /// When it was given.
  public var at: Timestamp

  /// What was answered.
  public struct Content: Hashable, Sendable {
    /// The status.
    public var status: Int
    /// The header fields that belong to the answer, by name.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headers: [String: String], body: [UInt8]) {
      self.status = status
      self.headers = headers
      self.body = body
    }
  }

  /// Creates an answer.
  public init(key: String, fingerprint: String, content: Content, at: Timestamp) {
    self.key = key
    self.fingerprint = fingerprint
    self.content = content
    self.at = at
  }
}

/// Where answers to writes are kept.
public protocol AnswerKeeper: Sendable {
  /// The answer that was kept under a key in the last 24 hours.
  func keptAnswer(to key: String) async throws(StudyError) -> KeptAnswer?
  /// Keeps the answer to a write that changed nothing, for which there is no transaction.
  func keep(_ answer: StudyAnswer, to write: RepeatableWrite) async throws(StudyError) -> KeptAnswer
}
