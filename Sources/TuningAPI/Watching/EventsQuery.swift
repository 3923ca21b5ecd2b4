import TuningModel

/// From where on a study's log is followed.
public struct EventsQuery: WireQuery, Hashable {
  /// The entry after which to begin; `nil` for the end of the log, unless `Last-Event-ID` says otherwise.
  public var after: Int?

  /// Creates a query.
  public init(after: Int?) { self.after = after }

  /// Takes `after` out of the query; notes mistakes.
  public init(reading query: QueryReader) {
    guard let text = query.optional("after") else { return }
    after = Int(text)
    if after == nil || after ?? 0 < 0 { query.refuse("after", "Must be a whole number, at least 0.", .meaning) }
  }

  /// The parameters.
  public var items: [QueryItem] { after.map { [QueryItem("after", "\($0)")] } ?? [] }
}
