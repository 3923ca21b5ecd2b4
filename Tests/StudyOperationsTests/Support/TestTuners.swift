import Foundation
import TuningModel

/// Draws points at random, from a stream that every observed event changes: it notices any event that is lost, doubled or
/// out of order.
struct DigestTuner: ParameterFixing {
  static let description = TunerDescription(
    name: "digest", summary: "Random points that depend on every event.",
    options: [TunerOption("width", .integer(1...9), default: 1, "Nothing.")])

  private var digest: UInt64 = 14_695_981_039_346_656_037
  private let space: SearchSpace

  init(for study: StudyDefinition) throws(TunerError) { space = study.space }

  mutating func observe(_ event: TrialEvent) {
    for byte in "\(event.trial) \(event.name) \(Self.details(event.kind))".utf8 {
      digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211
    }
  }

  private static func details(_ kind: TrialEvent.Kind) -> String {
    switch kind {
    case .started(let suggestion, let worker, let attempt):
      "\(suggestion.parameters.json.text) \(suggestion.origin.json.text) \(worker ?? "-") \(attempt)"
    case .completed(let measurement): measurement.metrics.sorted { $0.key < $1.key }.map { "\($0)" }.joined()
    case .reported(let report): report.json.text
    case .pruned(let reason, let measurement), .infeasible(let reason, let measurement):
      "\(reason) \(measurement?.metrics.count ?? 0)"
    case .failed(let reason), .requeued(let reason): reason
    case .enqueued(let suggestion): "\(suggestion.parameters.json.text) \(suggestion.origin.json.text)"
    case .corrected(let correction):
      "\(correction.state) \(correction.reason ?? "-") "
        + (correction.measurement?.metrics ?? [:]).sorted { $0.key < $1.key }.map { "\($0)" }.joined()
    case .excluded: ""
    }
  }

  func suggest(
    _ numbers: Range<TrialNumber>, fixing fixed: Parameters, seed: StudySeed
  ) throws(TunerError) -> [Suggestion] {
    let region = try FeasibleRegion(UnitCubeEncoding(space)).narrowed(to: fixed)
    return numbers.map { number in
      var random = RandomStream(seed: seed ^ digest, trial: number)
      return Suggestion(
        region.decode(region.sample(using: &random)),
        origin: SuggestionOrigin(tuner: "digest", details: ["digest": .string(String(digest, radix: 16))]))
    }
  }

  var snapshot: JSONValue { ["digest": .string(String(digest, radix: 16))] }

  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    guard case .string(let text)? = snapshot["digest"], let digest = UInt64(text, radix: 16) else {
      throw InvalidInput([InputMistake(pointer: "/digest", detail: "Is no digest.")])
    }
    self.digest = digest
  }
}

/// Takes the values of an int parameter `x` in turn, and has no more when they are all taken.
struct LadderTuner: Tuner {
  static let description = TunerDescription(name: "ladder", summary: "One value after another.")
  static let heedsResults = false
  private let count: Int

  init(for study: StudyDefinition) throws(TunerError) {
    guard case .int(let domain)? = study.space["x"]?.domain, study.space.parameters.count == 1 else {
      throw .unsupported([InputMistake(pointer: "/parameters", detail: "Needs one int named x.", kind: .support)])
    }
    count = domain.high - domain.low + 1
  }

  mutating func observe(_ event: TrialEvent) {}

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    if numbers.upperBound - 1 > count { throw .spaceExhausted("All \(count) values have been tried.") }
    return numbers.map { Suggestion(["x": .int($0)], origin: SuggestionOrigin(tuner: "ladder")) }
  }

  var snapshot: JSONValue { .null }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}

/// Cannot propose anything, in the way that its study's label asks for.
struct BrokenTuner: Tuner {
  static let description = TunerDescription(name: "broken", summary: "Fails.")
  private let manner: String?

  init(for study: StudyDefinition) throws(TunerError) { manner = study.labels["manner"] }

  mutating func observe(_ event: TrialEvent) {}

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    if manner == "outside" {
      return numbers.map { _ in Suggestion(["x": .int(99_999)], origin: SuggestionOrigin(tuner: "broken")) }
    }
    throw .failed("The matrix is not positive definite.")
  }

  var snapshot: JSONValue { .null }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}

/// Suggests its trial's number as `x`, but only once the gate of its study is open, and unless the gate lets it fail.
///
/// Its origin tells what it knew. It predicts once the gate named after its study's predictions is open.
struct GatedTuner: Tuner {
  static let description = TunerDescription(name: "gated", summary: "Waits.")
  private let gate: Gate?
  private let predictions: Gate?
  private var told = 0

  init(for study: StudyDefinition) throws(TunerError) {
    gate = Gate[study.name]
    predictions = Gate[study.name + " predictions"]
  }

  mutating func observe(_ event: TrialEvent) { if case .completed = event.kind { told += 1 } }

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    if gate?.pass() == .failure { throw .failed("The gate said so.") }
    let origin = SuggestionOrigin(tuner: "gated", details: ["told": .integer(told)])
    return numbers.map { Suggestion(["x": .int($0)], origin: origin) }
  }

  func predict(_ points: [Parameters], seed: StudySeed) throws(TunerError) -> Predictions? {
    predictions?.pass()
    return Predictions(points.map { _ in Prediction(mean: 0, standardDeviation: 1) }, observations: told)
  }

  var snapshot: JSONValue { .integer(told) }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    if case .number(let count) = snapshot { told = Int(count) }
  }
}

/// Like `GatedTuner`, but says that its suggestions take no time.
struct DrawingTuner: Tuner {
  static let description = TunerDescription(name: "drawing", summary: "Draws at once.")
  static let suggestsAhead = false
  private let gate: Gate?

  init(for study: StudyDefinition) throws(TunerError) { gate = Gate[study.name] }

  mutating func observe(_ event: TrialEvent) {}

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    gate?.pass()
    return numbers.map { Suggestion(["x": .int($0)], origin: SuggestionOrigin(tuner: "drawing")) }
  }

  var snapshot: JSONValue { .null }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}

/// Where a computation waits until a test lets it through, and where the test waits until one has come.
final class Gate: @unchecked Sendable {
  private static let lock = NSLock()
  nonisolated(unsafe) private static var gates: [String: Gate] = [:]

  /// The gate of a study.
  static subscript(name: String) -> Gate? { lock.withLock { gates[name] } }

  private let arrivals = AsyncStream<Void>.makeStream()
  private let opening = DispatchSemaphore(value: 0)
  private let lock = NSLock()
  private var comers = 0
  private var opened = 0
  private var passages = 0
  private var verdicts: [Verdict] = []

  /// What becomes of a computation behind the gate.
  enum Verdict { case success, failure }

  init(_ name: String) { Self.lock.withLock { Self.gates[name] = self } }

  @discardableResult
  func pass() -> Verdict {
    lock.withLock { comers += 1 }
    arrivals.continuation.yield()
    opening.wait()
    return lock.withLock {
      passages += 1
      return verdicts.removeFirst()
    }
  }

  /// How many computations have come to the gate so far.
  var count: Int { lock.withLock { comers } }

  /// Ends when a computation has come to the gate.
  func arrival() async { for await _ in arrivals.stream { return } }

  /// How many have passed it.
  var passed: Int { lock.withLock { passages } }

  /// Lets so many computations through, to succeed or to fail.
  func open(_ count: Int = 1, _ verdict: Verdict = .success) {
    lock.withLock {
      opened += count
      verdicts += Array(repeating: verdict, count: count)
    }
    for _ in 0..<count { opening.signal() }
  }

  /// How many computations were let through, or may pass.
  var openings: Int { lock.withLock { opened } }
}
