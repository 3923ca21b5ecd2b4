import TuningModel

/// Something that a method wants to know.
struct OracleAsk: Codable, Hashable, Sendable {
  /// Counts the asks of a study; stands in the origin of the trial.
  let id: Int
  /// Where, in internal coordinates; of a perturbed ask the centre.
  let point: [Double]
  /// What.
  var request: OracleRequest
  /// What people may want to know of it.
  let notes: [String: JSONValue]
  /// How the point is perturbed, where it is.
  let perturbation: Perturbation?
}

/// The asks of a study that still matter, and the trials that carry them.
struct AskBook: Codable, Hashable, Sendable {
  /// In the order in which they are handed out.
  private(set) var awaited: [OracleAsk] = []
  private var askOfTrial: [TrialNumber: Int] = [:]
  private var nextID = 1

  /// The asks that nobody was given yet.
  var open: [OracleAsk] {
    let handedOut = Set(askOfTrial.values)
    return awaited.filter { !handedOut.contains($0.id) }
  }

  /// Adds an ask and answers with its id.
  @discardableResult
  mutating func put(
    _ request: OracleRequest, at point: [Double], notes: [String: JSONValue] = [:], perturbation: Perturbation? = nil
  ) -> Int {
    awaited.append(
      OracleAsk(id: nextID, point: point, request: request, notes: notes, perturbation: perturbation))
    nextID += 1
    return nextID - 1
  }

  /// Waits for none of them any more.
  mutating func withdrawAll() {
    awaited = []
    askOfTrial = [:]
  }

  /// Notes that a trial carries an ask.
  ///
  /// - Returns: the ask; `nil` where nobody waits for it, or another trial carries it.
  mutating func start(_ id: Int, _ trial: TrialNumber) -> OracleAsk? {
    guard let ask = awaited.first(where: { $0.id == id }), !askOfTrial.values.contains(id) else { return nil }
    askOfTrial[trial] = id
    return ask
  }

  /// Notes that a trial has ended, and answers with its ask where that is still awaited.
  mutating func end(_ trial: TrialNumber) -> OracleAsk? {
    guard let id = askOfTrial.removeValue(forKey: trial) else { return nil }
    guard let index = awaited.firstIndex(where: { $0.id == id }) else { return nil }
    return awaited.remove(at: index)
  }

  /// Whether all points have d coordinates, as a snapshot may claim otherwise.
  func isSound(_ dimension: Int) -> Bool { awaited.allSatisfy { $0.point.count == dimension } }
}
