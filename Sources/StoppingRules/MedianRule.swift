public import TuningModel

/// The median stopping rule: a trial ends when its best value so far is worse than the median of the running means that
/// earlier trials had at the same step.
///
/// Steps from `warmup_steps` on are divided into stretches of `interval` steps, and a trial is judged at its first
/// measurement in each. The bar are the running means, up to there, of trials that have ended, completed or pruned: were
/// pruned ones left out, the bar would rise with every trial that it stops. A best value is held against means, so a trial
/// that has once been better than most keeps its chance. At least `min_trials` such trials must have been measured in
/// the stretch; of very many the newest 1,000 count.
/// - Source: Golovin et al. 2017, "Google Vizier: a service for black-box optimization", section 3.2.1.
public struct MedianRule: StoppingRule {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "median",
    summary: """
      Stops a trial whose best value so far is worse than the median of the running means that ended trials had at the same \
      step. Gentler than asha: at each step at most about half of the trials stop. A value that is not finite ranks worst.
      """,
    options: [
      TunerOption(
        "min_trials", .integer(1...10_000), default: 5,
        "How many ended trials must have been measured at a step before anything is stopped there."),
      TunerOption(
        "warmup_steps", .integer(0...Int.exactRange.upperBound), default: 0,
        "The first step that is looked at; what is measured before neither counts nor stops anything."),
      TunerOption(
        "interval", .integer(1...Int.exactRange.upperBound), default: 1,
        """
        The length, in steps, of the stretches that begin at warmup_steps. A trial is judged at its first measurement in \
        each, against others' first ones in it; choose it so that every trial is measured in every stretch.
        """),
    ])

  /// The means of so many trials, the newest, are kept for each stretch.
  static let window = 1_000

  private let objective: Objective
  private let minTrials: Int
  private let warmupSteps: Int
  private let interval: Int
  /// The trials under way.
  private var courses: [TrialNumber: Course] = [:]
  /// The running means of ended trials by stretch, in the order in which the trials ended.
  private var means: [Int: [Double]] = [:]

  /// What a trial under way has measured from the warm-up on, in the order of its steps.
  private struct Course: Hashable, Sendable {
    var points: [Point] = []

    struct Point: Hashable, Sendable {
      var step: Int
      /// The sum and the least of the costs up to here.
      var sum: Double
      var best: Double
    }

    /// The measurements before a step.
    func before(_ step: Int) -> ArraySlice<Point> {
      var end = points.endIndex
      // Only a new attempt goes back.
      while end > 0, points[end - 1].step >= step { end -= 1 }
      return points[..<end]
    }

    mutating func append(_ cost: Double, at step: Int) {
      let last = before(step).last
      points.removeSubrange(before(step).endIndex...)
      points.append(Point(step: step, sum: (last?.sum ?? 0) + cost, best: min(last?.best ?? .infinity, cost)))
    }
  }

  /// Creates the rule of a study.
  ///
  /// - Throws: `unsupported` where the study leaves open which objective counts.
  public init(for study: StudyDefinition) throws(TunerError) {
    objective = try study.stoppingObjective
    minTrials = Self.integer("min_trials", in: study) ?? 5
    warmupSteps = Self.integer("warmup_steps", in: study) ?? 0
    interval = Self.integer("interval", in: study) ?? 1
  }

  private func stretch(of step: Int) -> Int { (step - warmupSteps) / interval }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .reported(let report):
      guard report.step >= warmupSteps, let cost = objective.cost(in: report) else { return }
      courses[event.trial, default: Course()].append(cost, at: report.step)
    case .completed, .pruned:
      if let course = courses.removeValue(forKey: event.trial) { add(course) }
    case .infeasible, .failed: courses[event.trial] = nil
    // What was measured on the way stays, whatever is said later of the end.
    case .enqueued, .started, .requeued, .corrected, .excluded: break
    }
  }

  private mutating func add(_ course: Course) {
    var last: Int?
    for (index, point) in course.points.enumerated() {
      let stretch = stretch(of: point.step)
      if stretch == last { continue }
      last = stretch
      means[stretch, default: []].append(point.sum / Double(index + 1))
      if means[stretch, default: []].count > Self.window { means[stretch]?.removeFirst() }
    }
  }

  /// Whether the best value so far, or a value now that is not finite, is worse than the median of the means.
  public func decision(on report: TrialReport, of trial: TrialNumber) -> Decision {
    guard report.step >= warmupSteps, let cost = objective.cost(in: report) else { return .continue }
    let before = courses[trial]?.before(report.step).last
    let stretch = stretch(of: report.step)
    if let before, self.stretch(of: before.step) == stretch { return .continue }
    guard let others = means[stretch], others.count >= minTrials else { return .continue }
    let standing = cost.isFinite ? min(cost, before?.best ?? .infinity) : .infinity
    return standing > Self.median(of: others) ? .stop : .continue
  }

  private static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    if sorted.count % 2 == 1 { return sorted[middle] }
    // Halved first, so that the sum of two large values does not overflow.
    return sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}

extension MedianRule {
  private static let snapshotVersion = 1

  /// The courses and the means, as JSON.
  public var snapshot: JSONValue {
    [
      "version": .integer(Self.snapshotVersion),
      "courses": .array(
        courses.sorted { $0.key < $1.key }.map { trial, course in
          [
            "trial": .integer(trial),
            "points": .array(course.points.map { [.integer($0.step), .number($0.sum), .number($0.best)] }),
          ]
        }),
      "means": .array(
        means.sorted { $0.key < $1.key }.map { stretch, means in
          ["stretch": .integer(stretch), "values": .array(means.map(JSONValue.number))]
        }),
    ]
  }

  /// Takes up a snapshot in a rule that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version or form.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    (courses, means) = try JSONReader.read(snapshot) { reader -> ([TrialNumber: Course], [Int: [Double]])? in
      guard let object = reader.object() else { return nil }
      object.required("version").expect(Self.snapshotVersion)
      var courses: [TrialNumber: Course] = [:]
      for reader in object.required("courses")?.array() ?? [] {
        guard let fields = reader.object(), let trial = fields.required("trial")?.integer() else { continue }
        courses[trial] = Course(
          points: (fields.required("points")?.array() ?? []).compactMap { reader in
            guard let values = reader.array(), values.count == 3, let step = values[0].integer(),
              let sum = values[1].extendedNumber(), let best = values[2].extendedNumber()
            else { return reader.refuseForm() }
            return Course.Point(step: step, sum: sum, best: best)
          })
        fields.finish()
      }
      var means: [Int: [Double]] = [:]
      for reader in object.required("means")?.array() ?? [] {
        guard let fields = reader.object(), let stretch = fields.required("stretch")?.integer() else { continue }
        means[stretch] = (fields.required("values")?.array() ?? []).compactMap { $0.extendedNumber() }
        fields.finish()
      }
      object.finish()
      return (courses, means)
    }
  }
}

extension JSONReader? {
  /// Notes where a version is another one.
  func expect(_ version: Int) {
    if let reader = self, reader.integer() != version { reader.refuse("Is another version.") }
  }
}

extension JSONReader {
  /// Notes that a part of a snapshot has another form.
  func refuseForm<Value>() -> Value? {
    refuse("Is of another form.", .form)
    return nil
  }
}
