import TuningModel

extension JSONReader {
  /// The length of a lease.
  func leaseSeconds() -> Double? {
    guard let seconds = number() else { return nil }
    if !(seconds > 0 && seconds <= 31_536_000) { refuse("Must be above 0 and at most a year.") }
    return seconds
  }

  /// One of the values of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) -> Choice? {
    guard let text = string() else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    refuse("Must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
    return nil
  }

  /// A moment.
  func timestamp() -> Timestamp? {
    guard let text = string() else { return nil }
    if let moment = Timestamp(text: text) { return moment }
    refuse("Must be a moment such as 2026-01-31T12:00:00.000Z.", .form)
    return nil
  }

  /// Runs `body` and keeps its result only if it noted no mistake.
  func sound<T>(_ body: () -> T?) -> T? {
    let before = mistakes.all.count
    let result = body()
    return mistakes.all.count == before ? result : nil
  }
}
