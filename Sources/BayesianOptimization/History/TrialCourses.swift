import TuningModel

/// What trials measured of the objective on their way, thinned.
///
/// To go on from a copy costs the same however many trials there are.
struct TrialCourses: Hashable, Sendable {
  /// A cost at a step; +∞ for a value that was not finite.
  struct Point: Hashable, Sendable {
    var step: Int
    var cost: Double
  }

  /// By how much the steps of two kept points differ at least, but for the last; of a million steps some 80 are kept.
  private static let ratio = 1.2

  /// The courses of trials under way, which change with every report, apart from those of the many that have ended.
  private var underWay: [TrialNumber: [Point]] = [:]
  private var ended = ShardedDictionary<TrialNumber, [Point]>()

  /// Adds a measurement; one at an earlier step than the last is of a new attempt and replaces what was measured from there.
  mutating func add(_ point: Point, to trial: TrialNumber) {
    var course = underWay[trial] ?? []
    while let last = course.last, last.step >= point.step { course.removeLast() }
    if course.count > 1, Double(course[course.count - 1].step) < Self.ratio * Double(course[course.count - 2].step) {
      course.removeLast()
    }
    course.append(point)
    underWay[trial] = course
  }

  /// Notes that a trial has ended; one that says nothing of the objective is forgotten.
  mutating func end(_ trial: TrialNumber, keeping isKept: Bool) {
    let course = underWay.removeValue(forKey: trial)
    if isKept, let course { ended[trial] = course }
  }

  /// Notes that what a trial that has ended came to is said anew.
  mutating func reopen(_ trial: TrialNumber) {
    underWay[trial] = ended[trial]
    ended[trial] = nil
  }

  /// The last measurement of a trial that has ended.
  func last(of trial: TrialNumber) -> Point? { ended[trial]?.last }

  /// The cost that a trial that has ended had at a step, or at the last kept one before it.
  func cost(of trial: TrialNumber, at step: Int) -> Double? { ended[trial]?.last { $0.step <= step }?.cost }
}

extension TrialCourses {
  /// The courses as JSON.
  var json: JSONValue {
    ["under_way": Self.json(underWay.map { ($0.key, $0.value) }), "ended": Self.json(ended.pairs)]
  }

  private static func json(_ courses: [(key: TrialNumber, value: [Point])]) -> JSONValue {
    .array(
      courses.sorted { $0.key < $1.key }.map { trial, points in
        ["trial": .integer(trial), "points": .array(points.map { [.integer($0.step), .number($0.cost)] })]
      })
  }

  /// Reads what `json` wrote; notes mistakes.
  init?(reading reader: JSONReader) {
    guard let object = reader.object(), let underWay = object.required("under_way").flatMap(Self.courses),
      let ended = object.required("ended").flatMap(Self.courses)
    else { return nil }
    object.finish()
    self.underWay = underWay
    for (trial, points) in ended { self.ended[trial] = points }
  }

  private static func courses(reading reader: JSONReader) -> [TrialNumber: [Point]]? {
    var courses: [TrialNumber: [Point]] = [:]
    for reader in reader.array() ?? [] {
      guard let object = reader.object(), let trial = object.required("trial")?.integer() else { return nil }
      for reader in object.required("points")?.array() ?? [] {
        guard let pair = reader.array(), pair.count == 2, let step = pair[0].integer(),
          let cost = pair[1].extendedNumber()
        else {
          reader.refuse("Is no measurement.", .form)
          return nil
        }
        courses[trial, default: []].append(Point(step: step, cost: cost))
      }
    }
    return courses
  }
}
