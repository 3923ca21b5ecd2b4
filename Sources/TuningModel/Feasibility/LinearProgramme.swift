/// The system a·x ≤ b within bounds, solved for the point that keeps the greatest distance from every inequality.
///
/// A dense primal simplex with Bland's rule, for the handful of constraints that a person writes: time grows with
/// (rows + d)² · d per pivot.
struct LinearProgramme {
  /// One inequality a·x ≤ b.
  struct Row {
    var a: [Double]
    var b: Double
  }

  /// The inequalities.
  var rows: [Row]
  /// The bounds of x, all finite.
  var lower, upper: [Double]

  /// A point that satisfies everything, as far inside as any, or `nil` where there is none.
  func innermostPoint() -> [Double]? {
    let d = lower.count
    let span = zip(lower, upper).map { $1 - $0 }
    // x = lower + span · t. Maximise the margin m ≤ 1 in â·t + m ≤ b̂, rows scaled to max |â| = 1; with y = 1 − m ≥ 0
    // that is: minimise y subject to â·t − y ≤ b̂ − 1 and 0 ≤ t ≤ 1.
    var tableau: [[Double]] = []
    for row in rows {
      var a = zip(row.a, span).map { $0 * $1 }
      var b = row.b - zip(row.a, lower).reduce(0) { $0 + $1.0 * $1.1 }
      let size = a.reduce(0) { max($0, abs($1)) }
      guard size > 0 else {
        if b < -1e-9 * max(1, abs(row.b)) { return nil }
        continue
      }
      a = a.map { $0 / size }
      b /= size
      guard b.isFinite else { return nil }
      tableau.append(a + [-1, b - 1])
    }
    let inequalities = tableau.count
    guard inequalities > 0 else { return zip(lower, span).map { $0 + $1 / 2 } }
    for index in 0..<d {
      var bound = [Double](repeating: 0, count: d + 2)
      bound[index] = 1
      bound[d + 1] = 1
      tableau.append(bound)
    }
    var simplex = Simplex(rows: tableau, cost: [Double](repeating: 0, count: d) + [1, 0])
    // y = the largest violation makes the origin feasible: one pivot on the row that is violated most.
    let first = (0..<inequalities).min { tableau[$0][d + 1] < tableau[$1][d + 1] } ?? 0
    if tableau[first][d + 1] < 0 { simplex.pivot(row: first, column: d) }
    guard simplex.minimise() else { return nil }
    let solution = simplex.solution(count: d + 1)
    guard solution[d] <= 1 + 1e-9 else { return nil }
    return (0..<d).map { min(max(lower[$0] + span[$0] * solution[$0], lower[$0]), upper[$0]) }
  }
}

/// A simplex tableau in dictionary form: basic = rhs − Σ row · nonbasic, all variables ≥ 0.
private struct Simplex {
  /// Coefficients of the nonbasic variables, then the right-hand side.
  var rows: [[Double]]
  /// Coefficients of the cost in the nonbasic variables, then minus its value.
  var cost: [Double]
  /// The variables of rows and of columns; structural ones come first in number.
  var basic, nonbasic: [Int]

  init(rows: [[Double]], cost: [Double]) {
    self.rows = rows
    self.cost = cost
    nonbasic = Array(0..<cost.count - 1)
    basic = rows.indices.map { cost.count - 1 + $0 }
  }

  mutating func pivot(row: Int, column: Int) {
    let inverse = 1 / rows[row][column]
    for k in rows[row].indices { rows[row][k] *= inverse }
    rows[row][column] = inverse
    let pivotRow = rows[row]
    func eliminate(_ target: inout [Double]) {
      let factor = target[column]
      guard factor != 0 else { return }
      target[column] = 0
      for k in target.indices { target[k] -= factor * pivotRow[k] }
    }
    for other in rows.indices where other != row { eliminate(&rows[other]) }
    eliminate(&cost)
    swap(&basic[row], &nonbasic[column])
  }

  /// Bland's rule: the lowest-numbered candidate enters and leaves, so the method cannot cycle.
  mutating func minimise() -> Bool {
    for _ in 0..<20_000 {
      let entering = nonbasic.indices.filter { cost[$0] < -1e-11 }.min { nonbasic[$0] < nonbasic[$1] }
      guard let column = entering else { return true }
      var leaving: (row: Int, ratio: Double)?
      for row in rows.indices where rows[row][column] > 1e-11 {
        let ratio = (rows[row].last ?? 0) / rows[row][column]
        if let best = leaving, ratio > best.ratio || (ratio == best.ratio && basic[row] > basic[best.row]) { continue }
        leaving = (row, ratio)
      }
      guard let leaving else { return false }
      pivot(row: leaving.row, column: column)
    }
    return false
  }

  func solution(count: Int) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    for (row, variable) in basic.enumerated() where variable < count { values[variable] = rows[row].last ?? 0 }
    return values
  }
}
