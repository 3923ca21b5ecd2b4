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
    let chosen = rule.indices(values: Array(repeating: 0, count: 10), numbers: Array(1...10)) { points[$0] }
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
    let chosen = rule.indices(values: values, numbers: Array(1...40)) { points[$0] }
    #expect(chosen.count == 10 && chosen == chosen.sorted())
    #expect(Set([5, 6, 7, 38, 39, 20, 21]).isSubset(of: Set(chosen)))
  }

  @Test("Of very many the far ones are found among a few candidates, which are the same whenever a trial was told")
  func candidates() {
    var rule = rule
    rule.candidates = 50
    let points = (0..<1_000).map { [Double($0 * 7 % 1_000)] }
    let values = (0..<1_000).map { Double($0) }
    let all = rule.indices(values: values, numbers: Array(1...1_000)) { points[$0] }
    #expect(all.count == 10 && Set(all).isSuperset(of: [0, 1, 2, 998, 999]))
    // Without trial 501 every later position shifts, but the candidates are those they were.
    let rest = (0..<1_000).filter { $0 != 500 }
    let others = rule.indices(values: rest.map { values[$0] }, numbers: rest.map { $0 + 1 }) { points[rest[$0]] }
    #expect(!all.contains(500))
    #expect(others.map { rest[$0] } == all)
  }
}
