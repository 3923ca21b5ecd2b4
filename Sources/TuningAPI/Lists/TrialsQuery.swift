public import TuningModel

/// Which trials of a study are wanted.
public struct TrialsQuery: WireQuery, Hashable {
  /// Which trials, and in which order.
  public var selection: TrialSelection
  /// Which part of the list.
  public var page: PageRequest

  /// Creates a query.
  public init(_ selection: TrialSelection, page: PageRequest) {
    self.selection = selection
    self.page = page
  }

  /// Takes `state`, `worker`, `order_by`, `measurements`, `page_size` and `page_token` out of the query; notes mistakes.
  public init(reading query: QueryReader) {
    page = PageRequest(reading: query)
    selection = TrialSelection(worker: query.optional("worker"))
    for text in query.optional("state")?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      if let state = TrialState(rawValue: String(text)) {
        selection.states.append(state)
      } else {
        let names = TrialState.allCases.map(\.rawValue).joined(separator: ", ")
        query.refuse("state", "Must be one of \(names), or several with commas between.", .meaning)
      }
    }
    let measurements = query.optional("measurements")
    selection.withMeasurements = measurements == "true"
    if let measurements, !["true", "false"].contains(measurements) {
      query.refuse("measurements", "Must be true or false.", .meaning)
    }
    guard let text = query.optional("order_by") else { return }
    if let order = TrialOrder(text: text) {
      selection.order = order
    } else {
      let names = TrialOrder.all.map(\.text).joined(separator: ", ")
      query.refuse("order_by", "Must be one of \(names).", .meaning)
    }
  }

  /// The parameters, without those that say nothing.
  public var items: [QueryItem] {
    var items: [QueryItem] = []
    if !selection.states.isEmpty {
      items.append(QueryItem("state", selection.states.map(\.rawValue).joined(separator: ",")))
    }
    if let worker = selection.worker { items.append(QueryItem("worker", worker)) }
    if selection.order != TrialOrder(.number) { items.append(QueryItem("order_by", selection.order.text)) }
    if selection.withMeasurements { items.append(QueryItem("measurements", "true")) }
    return items + page.items
  }
}
