import GRDB
import StudyOperations
import TuningModel

/// The query for a page of a list of trials: its text, which depends only on what is asked for, and its arguments.
///
/// The numbers of the page come from an index alone, and then their rows. By number, every state, or every pair of state
/// and worker, is a range of an index that is read no further than the page is long. By cost and by end, the index is read
/// in its order, and what else is asked for is judged by its entries.
struct TrialListQuery {
  private(set) var sql: String
  private(set) var arguments: StatementArguments

  /// - Parameter isLacking: by cost or end, whether those that lack it are wanted, which come last; else those that have it.
  init(study: Int64, _ selection: TrialSelection, after place: TrialPlace?, isLacking: Bool = false, limit: Int) {
    var values: [String: (any DatabaseValueConvertible)?] = ["study": study, "limit": limit]
    if let worker = selection.worker { values["worker"] = worker }
    let isDescending = selection.order.isDescending
    let direction = isDescending ? " DESC" : ""
    let beyond = isDescending ? "<" : ">"
    let start = place?.number ?? (isDescending ? Int.exactRange.upperBound : 0)
    let numbers: String
    let order: String
    switch selection.order.key {
    case .number:
      order = "number\(direction)"
      values["number"] = start
      numbers = Self.byNumber(selection, beyond, order)
    case .value, .finished:
      let column = selection.order.key == .value ? "cost" : "finished_at"
      var conditions = ["study = :study"]
      if isLacking {
        conditions.append("\(column) IS NULL AND number \(beyond) :number")
        values["number"] = start
        order = "number\(direction)"
      } else {
        conditions.append("\(column) IS NOT NULL")
        order = "\(column)\(direction), number\(direction)"
        if let key = place?.key {
          conditions.append("(\(column), number) \(beyond) (:key, :number)")
          values["key"] = key
          values["number"] = start
        }
      }
      if !selection.states.isEmpty { conditions.append("state IN (\(Self.list(selection.states)))") }
      if selection.worker != nil { conditions.append("worker = :worker") }
      let index = selection.order.key == .value ? "trials_by_cost" : "trials_by_end"
      numbers = """
        SELECT number FROM trials INDEXED BY \(index) WHERE \(conditions.joined(separator: " AND ")) \
        ORDER BY \(order) LIMIT :limit
        """
    }
    // The plus signs keep the rows from being looked for in the order of the index, all of it.
    let sorting = order.split(separator: ", ").map { "+" + $0 }.joined(separator: ", ")
    sql = """
      SELECT \(TrialRecord.columns) FROM trials WHERE study = :study AND number IN (\(numbers)) \
      ORDER BY \(selection.order.key == .number ? order : sorting) LIMIT :limit
      """
    arguments = StatementArguments(values)
  }

  private static func byNumber(_ selection: TrialSelection, _ beyond: String, _ order: String) -> String {
    let base = "SELECT number FROM trials WHERE study = :study"
    let rest = "number \(beyond) :number ORDER BY \(order) LIMIT :limit"
    if selection.states.isEmpty && selection.worker == nil { return "\(base) AND \(rest)" }
    let states = selection.states.isEmpty ? TrialState.allCases : selection.states
    return Set(states).sorted { $0.rawValue < $1.rawValue }.map { state in
      let worker = selection.worker == nil ? "" : "worker = :worker AND "
      return "SELECT number FROM (\(base) AND \(worker)state = '\(state.rawValue)' AND \(rest))"
    }.joined(separator: " UNION ALL ")
  }

  private static func list(_ states: [TrialState]) -> String {
    Set(states).sorted { $0.rawValue < $1.rawValue }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
}
