import BayesianOptimization
import TestSupport
import Testing

@Suite("Pareto fronts of low mean and high deviation")
struct ParetoFrontTests {
  private func dominates(_ a: ParetoFront.Member, _ b: ParetoFront.Member) -> Bool {
    a.mean <= b.mean && a.deviation >= b.deviation && (a.mean < b.mean || a.deviation > b.deviation)
  }

  @Test("The members are the candidates that none dominates, one of each", arguments: 0..<6 as Range<UInt64>)
  func bruteForce(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    // Few different numbers, so that there are ties of every sort.
    let candidates = (0..<60).map { index in
      ParetoFront.Member(
        point: [Double(index)], mean: Double(Int.random(in: 0..<12, using: &random)),
        deviation: Double(Int.random(in: 0..<12, using: &random)), source: .pool)
    }
    let front = ParetoFront(candidates).members
    let best = candidates.filter { candidate in !candidates.contains { dominates($0, candidate) } }
    #expect(Set(front.map { [$0.mean, $0.deviation] }) == Set(best.map { [$0.mean, $0.deviation] }))
    #expect(front.count == Set(best.map { [$0.mean, $0.deviation] }).count)
    #expect(zip(front, front.dropFirst()).allSatisfy { $0.mean < $1.mean && $0.deviation < $1.deviation })
  }

  @Test("No candidates make an empty front")
  func empty() { #expect(ParetoFront([]).members.isEmpty) }
}
