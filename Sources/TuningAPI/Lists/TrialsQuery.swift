public import TuningModel

/// Which trials of a study are wanted.
public struct TrialsQuery: WireQuery, Hashable {
  /// Only those in this state; `nil` for all.
  public var state: TrialState?
  /// Whether trials come with their intermediate measurements.
  public var withMeasurements: Bool
  /// Which part of the list.
  public var page: PageRequest

  /// Creates a query.
  public init(state: TrialState?, withMeasurements: Bool = false, page: PageRequest) {
    self.state = state
    self.withMeasurements = withMeasurements
    self.page = page
  }

  /// Takes `state`, `measurements`, `page_size` and `page_token` out of the query; notes mistakes.
  public init(reading query: QueryReader) {
    page = PageRequest(reading: query)
    let measurements = query.optional("measurements")
    withMeasurements = measurements == "true"
    if let measurements, !["true", "false"].contains(measurements) {
      query.refuse("measurements", "Must be true or false.", .meaning)
    }
    guard let text = query.optional("state") else { return }
    state = TrialState(rawValue: text)
    if state == nil {
      let names = TrialState.allCases.map(\.rawValue).joined(separator: ", ")
      query.refuse("state", "Must be one of \(names).", .meaning)
    }
  }

  /// The parameters.
  public var items: [QueryItem] {
    (state.map { [QueryItem("state", $0.rawValue)] } ?? [])
      + (withMeasurements ? [QueryItem("measurements", "true")] : []) + page.items
  }
}
