import SocketHTTP
import Testing
import TuningServer

@Suite("The rate limiter")
struct RateLimiterTests {
  private let start = ContinuousClock.now + .seconds(10)

  private func limiter(_ perSecond: Double, _ burst: Int) -> RateLimiter {
    RateLimiter(RateLimit(perSecond: perSecond, burst: burst))
  }

  @Test("A burst is taken, then one request in each interval")
  func burst() {
    let limiter = limiter(2, 3)
    #expect((1...4).map { _ in limiter.admit("a", at: start) } == [nil, nil, nil, 1])
    #expect(limiter.admit("a", at: start + .milliseconds(499)) == 1)
    #expect(limiter.admit("a", at: start + .milliseconds(500)) == nil)
    #expect(limiter.admit("a", at: start + .milliseconds(501)) == 1)
    // After a long silence there is one burst again, not more.
    let later = start + .seconds(1_000)
    #expect((1...4).map { _ in limiter.admit("a", at: later) } == [nil, nil, nil, 1])
  }

  @Test("In the long run no more pass than the rate and one burst, however they come")
  func longRun() {
    let limiter = limiter(5, 10)
    var passed = 0
    for step in 0..<100_000 where limiter.admit("a", at: start + .milliseconds(step)) == nil { passed += 1 }
    #expect((505...510).contains(passed))
  }

  @Test("The wait that is told is long enough, and one client does not spend another's")
  func wait() {
    let limiter = limiter(0.1, 1)
    #expect(limiter.admit("a", at: start) == nil)
    #expect(limiter.admit("a", at: start + .seconds(1)) == 9)
    #expect(limiter.admit("b", at: start + .seconds(1)) == nil)
    #expect(limiter.admit("a", at: start + .seconds(10)) == nil)
  }

  @Test("So many clients never take more memory than a bound, and those beyond share a bucket")
  func bounded() {
    let limiter = limiter(1, 1)
    for client in 0..<20_000 { _ = limiter.admit("\(client)", at: start) }
    #expect(limiter.count <= RateLimiter.capacity + 1)
    #expect(limiter.admit("19999", at: start) != nil)
    #expect(limiter.admit("new", at: start + .seconds(5)) == nil)
    #expect(limiter.count < 10)
  }

  @Test("Addresses of one IPv6 network are one client, those of IPv4 are not")
  func addresses() {
    func client(_ host: String) -> String { RateLimiter.client(at: SocketAddress(host: host, port: 1)) }
    #expect(client("2001:db8:1:2::1") == client("2001:db8:1:2:ffff::7"))
    #expect(client("2001:db8:1:2::1") != client("2001:db8:1:3::1"))
    #expect(client("10.0.0.1") != client("10.0.0.2"))
    #expect(client("::ffff:10.0.0.1") != client("::ffff:10.0.0.2"))
  }
}
