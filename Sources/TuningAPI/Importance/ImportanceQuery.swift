public import TuningModel

/// Which metric parameters may be important for.
public struct ImportanceQuery: WireQuery, Hashable {
  /// The metric, and which of its differences count.
  public var selection: ImportanceSelection

  /// Creates a query.
  public init(_ selection: ImportanceSelection) { self.selection = selection }

  /// Takes `metric` and `best` out of the query; notes mistakes of form.
  public init(reading query: QueryReader) {
    selection = ImportanceSelection(metric: query.optional("metric"))
    guard let text = query.optional("best") else { return }
    if let share = Double(text) {
      selection.share = share
    } else {
      query.refuse("best", "Must be a number.", .form)
    }
  }

  /// The parameters, without those that say nothing.
  public var items: [QueryItem] {
    (selection.metric.map { [QueryItem("metric", $0)] } ?? [])
      + (selection.share == 1 ? [] : [QueryItem("best", "\(selection.share)")])
  }
}
