public import TuningModel

/// Asynchronous successive halving, in the form that stops trials: at steps that grow by the reduction factor η, the
/// rungs, a trial goes on when it is among the best 1/η of those that have come there so far.
///
/// Rungs stand at min_resource·η^k, below max_resource. A trial comes to a rung with its first measurement at or past it;
/// one that passes several at once comes to the highest. There it is ranked among all that came before it, whatever
/// became of them: with n trials, itself included, it goes on when fewer than ⌊n/η⌋ are better. While n is below η all
/// go on, since then the best 1/η is nobody. Nothing waits for anything, so early trials, ranked among few, go on
/// more often than later ones. A value that is not finite ranks worst, and is never among the best.
/// - Source: Li et al. 2020, "A system for massively parallel hyperparameter tuning", algorithm 2 (which pauses and
///   promotes instead of stopping).
public struct SuccessiveHalvingRule: StoppingRule {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "asha",
    summary: """
      Asynchronous successive halving: at each of a few steps that grow by a factor, the best part of the trials that have \
      come so far goes on and the others are stopped. With factor f about 1/f of the trials that come to a step go on \
      from there, more at first. The choice where most trials are hopeless early. A value that is not finite ranks worst.
      """,
    options: [
      TunerOption(
        "reduction_factor", .integer(2...1_000), default: 3,
        "By how much steps grow from one rung to the next; one in so many trials goes on from each."),
      TunerOption(
        "min_resource", .integer(1...Int.exactRange.upperBound), default: 1,
        "The step of the first rung; no trial is stopped before."),
      TunerOption(
        "max_resource", .integer(2...Int.exactRange.upperBound), default: .null,
        "The step at which trials end by themselves: all rungs are below it. Where it is left open, rungs have no end."),
    ])

  private let objective: Objective
  private let factor: Int
  /// The step of each rung.
  let rungSteps: [Int]
  private let end: Int
  /// The costs of the trials that came to each rung, sorted.
  private var rungs: [[Double]]
  /// What the trials under way have at the rungs that they came to, in the order of their steps.
  private var records: [TrialNumber: [Record]] = [:]

  private struct Record: Hashable, Sendable {
    var step: Int
    var rung: Int
    var cost: Double
  }

  /// Creates the rule of a study.
  ///
  /// - Throws: `unsupported` where the study leaves open which objective counts, or no rung is below `max_resource`.
  public init(for study: StudyDefinition) throws(TunerError) {
    objective = try study.stoppingObjective
    factor = Self.integer("reduction_factor", in: study) ?? 3
    let first = Self.integer("min_resource", in: study) ?? 1
    end = Self.integer("max_resource", in: study) ?? Int.exactRange.upperBound
    if first >= end {
      throw .unsupported([
        InputMistake(pointer: "/stopping/max_resource", detail: "Must be above min_resource, which is \(first).")
      ])
    }
    var steps: [Int] = []
    var step = first
    while step < end {
      steps.append(step)
      let (next, overflow) = step.multipliedReportingOverflow(by: factor)
      if overflow { break }
      step = next
    }
    rungSteps = steps
    rungs = Array(repeating: [], count: steps.count)
  }

  /// The rung that a measurement at this step is at or past; `nil` before the first and from `max_resource` on.
  private func rung(at step: Int) -> Int? { step < end ? rungSteps.lastIndex { $0 <= step } : nil }

  /// What a report would add: `nil` where it comes to no rung that the trial has not come to before.
  private func record(of report: TrialReport, after earlier: [Record]) -> Record? {
    guard let cost = objective.cost(in: report), let rung = rung(at: report.step), rung > earlier.last?.rung ?? -1
    else {
      return nil
    }
    return Record(step: report.step, rung: rung, cost: cost)
  }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .reported(let report):
      withdraw(event.trial, from: report.step)
      guard let record = record(of: report, after: records[event.trial] ?? []) else { return }
      rungs[record.rung].insert(record.cost, at: rungs[record.rung].firstIndex(notBefore: record.cost))
      records[event.trial, default: []].append(record)
    case .completed, .pruned, .infeasible, .failed: records[event.trial] = nil
    // What was measured on the way stays, whatever is said later of the end.
    case .enqueued, .started, .requeued, .corrected, .excluded: break
    }
  }

  /// Takes back what a trial brought to rungs at this step or later, in an attempt before.
  private mutating func withdraw(_ trial: TrialNumber, from step: Int) {
    while let last = records[trial]?.last, last.step >= step {
      rungs[last.rung].remove(at: rungs[last.rung].firstIndex(notBefore: last.cost))
      records[trial]?.removeLast()
    }
  }

  /// Whether the trial is among the best of the rung that it comes to.
  public func decision(on report: TrialReport, of trial: TrialNumber) -> Decision {
    var state = self
    state.withdraw(trial, from: report.step)
    guard let record = state.record(of: report, after: state.records[trial] ?? []) else { return .continue }
    let others = state.rungs[record.rung]
    let count = others.count + 1
    if count < factor { return .continue }
    if !record.cost.isFinite { return .stop }
    return others.firstIndex(notBefore: record.cost) < count / factor ? .continue : .stop
  }
}

extension SuccessiveHalvingRule {
  private static let snapshotVersion = 1

  /// The rungs and the records, as JSON.
  public var snapshot: JSONValue {
    [
      "version": .integer(Self.snapshotVersion),
      "rungs": .array(rungs.map { .array($0.map(JSONValue.number)) }),
      "records": .array(
        records.sorted { $0.key < $1.key }.map { trial, records in
          [
            "trial": .integer(trial),
            "records": .array(records.map { [.integer($0.step), .integer($0.rung), .number($0.cost)] }),
          ]
        }),
    ]
  }

  /// Takes up a snapshot in a rule that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version or form.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    let count = rungSteps.count
    (rungs, records) = try JSONReader.read(snapshot) { reader -> ([[Double]], [TrialNumber: [Record]])? in
      guard let object = reader.object() else { return nil }
      object.required("version").expect(Self.snapshotVersion)
      let rungsReader = object.required("rungs")
      let rungs = (rungsReader?.array() ?? []).map { rung in
        (rung.array() ?? []).compactMap { $0.extendedNumber() }.sorted()
      }
      if rungs.count != count { rungsReader?.refuse("Are of another number.") }
      var records: [TrialNumber: [Record]] = [:]
      for reader in object.required("records")?.array() ?? [] {
        guard let fields = reader.object(), let trial = fields.required("trial")?.integer() else { continue }
        records[trial] = (fields.required("records")?.array() ?? []).compactMap { reader in
          guard let values = reader.array(), values.count == 3, let step = values[0].integer(),
            let rung = values[1].integer(in: 0...(count - 1)), let cost = values[2].extendedNumber(),
            rungs.indices.contains(rung), rungs[rung].contains(cost)
          else { return reader.refuseForm() }
          return Record(step: step, rung: rung, cost: cost)
        }
        fields.finish()
      }
      object.finish()
      return (rungs, records)
    }
  }
}

extension [Double] {
  /// Where a value goes in a sorted array, before equal ones.
  fileprivate func firstIndex(notBefore value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
