import Testing
import TuningModel

@Suite("Requests and answers of oracles as JSON")
struct OracleJSONTests {
  static let requests: [OracleRequest] = [
    OracleRequest(.hypergradient, eps: 0.1, delta: 1e-300, warmFrom: 3, needs: OracleRequest.Need.allCases),
    OracleRequest(.value, eps: 0.1, needs: [.g, .gradGNorm]),
    OracleRequest(.f2sa, needs: [.g, .z], penaltySteps: PenaltySteps(lambda: 2, alpha: 0.01, gamma: 0.02, steps: 10)),
    OracleRequest(.bda, needs: [.g, .z], mixedSteps: MixedSteps(steps: 5, mixing: 0.4, decay: 0.9)),
    OracleRequest(
      .es, needs: [.g],
      unroll: ParticleUnroll(
        particle: 3, twin: 2, seed: 1 << 52, unroll: 4, steps: 10, reset: true, sigma: 0.1)),
    OracleRequest(
      .stn, warmFrom: 7, needs: [.g, .z, .zSigma],
      turn: SelfTuningTurn(lambdas: [-0.1, 1.0 / 3], sigmas: [0.5, 2], tau: 1e-3, trainSteps: 2, validationSteps: 1)),
  ]

  private func mistakes<Value>(_ text: String, _ read: (JSONReader) -> Value?) throws -> [String] {
    let json = try JSONValue(text: text)
    do throws(InvalidInput) {
      _ = try JSONReader.read(json, read)
      return []
    } catch {
      return error.mistakes.map(\.pointer)
    }
  }

  @Test("A request is read back as it was", arguments: requests)
  func requestRoundTrip(request: OracleRequest) throws {
    let text = request.json.text
    #expect(try JSONReader.read(try JSONValue(text: text)) { OracleRequest(reading: $0) } == request)
  }

  @Test("An answer is read back to the last bit")
  func answerRoundTrip() throws {
    let answer = OracleAnswer(
      g: 0.1 + 0.2, gradGNorm: .leastNonzeroMagnitude, z: [-0.0, 1.0 / 3, .greatestFiniteMagnitude],
      zBefore: [1, 2, 3], zSigma: [0.1 + 0.2], epsHat: 0.041,
      deltaHat: 0, omega: 3, mu: 1.001, gap: 2, cost: OracleAnswer.Cost(inner: 812, hvp: 44, seconds: 0.7), reset: true)
    let read = try JSONReader.read(try JSONValue(text: answer.json.text)) { OracleAnswer(reading: $0) }
    #expect(read == answer)
    #expect(read.z?.map(\.bitPattern) == answer.z?.map(\.bitPattern))
    let least = OracleAnswer(g: 1)
    #expect(try JSONReader.read(least.json) { OracleAnswer(reading: $0) } == least)
    #expect(least.json == ["g": 1])
  }

  @Test("Every field of a wrong request or answer is pointed at")
  func wrongForms() throws {
    #expect(try mistakes("{}") { OracleRequest(reading: $0) } == ["/kind", "/needs"])
    #expect(
      try mistakes(#"{"kind": "guess", "needs": ["g", "luck"], "more": 1}"#) { OracleRequest(reading: $0) }
        == ["/kind", "/needs/1", "/more"])
    #expect(
      try mistakes(#"{"kind": "f2sa", "needs": [], "lambda": 1, "steps": 1.5}"#) { OracleRequest(reading: $0) }
        == ["/alpha", "/gamma", "/steps"])
    #expect(
      try mistakes(#"{"kind": "stn", "needs": [], "lambdas": ["x"], "sigmas": 1, "tau": 0, "train_steps": 1}"#) {
        OracleRequest(reading: $0)
      } == ["/lambdas/0", "/sigmas", "/validation_steps"])
    #expect(
      try mistakes(#"{"kind": "value", "needs": [], "lambda": 1}"#) { OracleRequest(reading: $0) } == ["/lambda"])
    #expect(
      try mistakes(#"{"z": [1, "x"], "cost": {"cpu": 1}, "hypergradient": 1}"#) { OracleAnswer(reading: $0) }
        == ["/g", "/z/1", "/cost/cpu", "/hypergradient"])
  }

  @Test("What an answer lacks, has in excess or cannot mean is pointed at")
  func mistakesOfAnswers() {
    func pointers(_ answer: OracleAnswer, _ request: OracleRequest = Self.requests[0]) -> [String] {
      answer.mistakes(for: request, dimension: 2).map(\.pointer)
    }
    let sound = OracleAnswer(g: 1, gradGNorm: 0, z: [1, 2], zBefore: [1, 2], zSigma: [1, 2], epsHat: 0, deltaHat: 0)
    #expect(pointers(sound) == [])
    #expect(
      pointers(OracleAnswer(g: 1)) == [
        "/oracle/z", "/oracle/grad_g_norm", "/oracle/z_before", "/oracle/z_sigma", "/oracle/eps_hat",
        "/oracle/delta_hat",
      ])
    #expect(pointers(OracleAnswer(g: .infinity), Self.requests[4]) == ["/oracle/g"])
    #expect(pointers(OracleAnswer(g: 1, z: [1]), Self.requests[2]) == ["/oracle/z"])
    #expect(pointers(OracleAnswer(g: 1, z: [1, 2]), Self.requests[5]) == ["/oracle/z_sigma"])
    #expect(
      pointers(OracleAnswer(g: 1, z: [1, 2], zSigma: [1, 2, .infinity]), Self.requests[5])
        == ["/oracle/z_sigma", "/oracle/z_sigma/2"])
    #expect(pointers(OracleAnswer(g: 1, z: [1, .nan]), Self.requests[2]) == ["/oracle/z/1"])
    #expect(
      pointers(OracleAnswer(g: 1, epsHat: -1, mu: 0, gap: .nan, cost: .init(seconds: -1)), Self.requests[4])
        == ["/oracle/eps_hat", "/oracle/mu", "/oracle/gap", "/oracle/cost/s"])
  }

  @Test("A vector of numbers that are not finite does not fill an error with mistakes")
  func manyMistakes() {
    let answer = OracleAnswer(g: 1, z: Array(repeating: .nan, count: 50_000))
    #expect(answer.mistakes(for: Self.requests[2], dimension: 50_000).count <= InvalidInput.limit + 1)
  }
}
