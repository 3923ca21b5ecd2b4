import BayesianOptimization
import Testing

@Suite("Choosing observations")
struct ObservationSubsetTests {
  private var rule: ObservationSubset {
    var rule = ObservationSubset()
    (rule.best, rule.newest, rule.farthest) = (3, 2, 5)
    return rule
  }

  @Test("All are taken while there are few")
  func few() {
    let points = (0..<10).map { [Double($0)] }
    let chosen = rule.indices(values: Array(repeating: 0, count: 10)) { points[$0] }
    #expect(chosen == Array(0..<10))
  }

  @Test("The best, the newest and the farthest are taken of many")
  func many() {
    // Best in a cluster at 0, the newest at 1, and lone points far away among many near 0.5.
    var points = (0..<40).map { [0.5 + 0.001 * Double($0)] }
    var values = (0..<40).map { 10 + Double($0) }
    points.replaceSubrange(5..<8, with: [[0.0], [0.001], [0.002]])
    values.replaceSubrange(5..<8, with: [1, 2, 3])
    points[20] = [9]
    points[21] = [-7]
    points[38] = [1]
    points[39] = [1.001]
    let chosen = rule.indices(values: values) { points[$0] }
    #expect(chosen.count == 10 && chosen == chosen.sorted())
    #expect(Set([5, 6, 7, 38, 39, 20, 21]).isSubset(of: Set(chosen)))
  }
}
