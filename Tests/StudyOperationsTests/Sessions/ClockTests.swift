import StudyOperations
import Testing
import TuningModel

@Suite("Clocks that jump", .timeLimit(.minutes(1)))
struct ClockTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  /// Trial 1 runs, and trial 2 was told to stop after the clock had jumped under it.
  private func stopped(jump seconds: Double) async throws {
    try await bench.create(stopping: StoppingChoice("asha", options: ["reduction_factor": 2]))
    let (a, b) = (try await bench.ask("a", seconds: 60), try await bench.ask("b", seconds: 60))
    bench.clock.jump(seconds: seconds)
    for (trial, loss) in [(a, 1.0), (b, 2.0)] {
      let token = trial.lease?.token ?? ""
      _ = try await bench.service.heartbeat("s", trial.number, leaseToken: token, seconds: nil)
      _ = try await bench.service.report("s", trial.number, Measurement(["loss": loss], step: 1), leaseToken: token)
    }
    #expect(try await bench.service.trial("s", 2).state == .stopping)
  }

  @Test(
    "After a restart a trial that was told to stop has one lease of its own length, however the clock has jumped before",
    arguments: [-1e6, 0, 1e6])
  func stoppingAfterRestart(seconds: Double) async throws {
    try await stopped(jump: seconds)
    let next = try await bench.restarted()
    bench.clock.advance(seconds: 59)
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.running: 1, .stopping: 1])
    bench.clock.advance(seconds: 1)
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.waiting: 1, .pruned: 1])
  }

  @Test("A clock that jumps between two starts neither ends leases nor lengthens them", arguments: [-1e9, 1e9])
  func betweenStarts(seconds: Double) async throws {
    try await bench.create()
    for worker in ["a", "b", "c"] { _ = try await bench.ask(worker, seconds: 60) }
    bench.clock.jump(seconds: seconds)
    let next = try await bench.restarted()
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.running: 3])
    bench.clock.advance(seconds: 60)
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.waiting: 3])
  }

  @Test("A trial that is stopped long after it began keeps its lease's length over restarts")
  func longCourse() async throws {
    try await bench.create(stopping: StoppingChoice("asha", options: ["reduction_factor": 2]))
    let (a, b) = (try await bench.ask("a", seconds: 60), try await bench.ask("b", seconds: 60))
    for _ in 0..<100 {
      bench.clock.advance(seconds: 50)
      for trial in [a, b] {
        _ = try await bench.service.heartbeat(
          "s", trial.number, leaseToken: trial.lease?.token ?? "", seconds: nil)
      }
    }
    for (trial, loss) in [(a, 1.0), (b, 2.0)] {
      _ = try await bench.service.report(
        "s", trial.number, Measurement(["loss": loss], step: 1), leaseToken: trial.lease?.token ?? "")
    }
    let next = try await bench.restarted()
    bench.clock.advance(seconds: 60)
    await next.service.sweep()
    #expect(try await next.service.trial("s", 2).state == .pruned)
  }
}
