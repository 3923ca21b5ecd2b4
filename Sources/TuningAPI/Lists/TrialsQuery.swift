public import TuningModel

/// Which trials of a study are wanted.
public struct TrialsQuery: WireQuery, Hashable {
  /// Only those in this state; `nil` for all.
  public var state: TrialState?
  /// Which part of the list.
  public var page: PageRequest

  /// Creates a query.
  public init(state: TrialState?, page: PageRequest) {
    self.state = state
    self.page = page
  }

  /// Takes `state`, `page_size` and `page_token` out of the query; notes mistakes.
  public init(reading query: QueryReader) {
    page = PageRequest(reading: query)
    guard let text = query.optional("state") else { return }
    state = TrialState(rawValue: text)
    if state == nil {
      let names = TrialState.allCases.map(\.rawValue).joined(separator: ", ")
      query.refuse("state", "Must be one of \(names).", .meaning)
    }
  }

  /// The parameters.
  public var items: [QueryItem] { (state.map { [QueryItem("state", $0.rawValue)] } ?? []) + page.items }
}
