import HoneCommand
import Testing
import TuningModel

struct TrialVerdictTests {
  private static func reported(_ line: String = #"{"loss": 1}"#) -> ReportedMetrics {
    var reported = ReportedMetrics()
    reported.read(result: LineSplitter.Line(bytes: Array(line.utf8)))
    return reported
  }

  private static func verdict(
    _ status: ProgramEnding.Status, _ reported: ReportedMetrics = ReportedMetrics(), tail: String = "",
    _ interruption: Interruption? = nil
  ) -> TrialVerdict {
    TrialVerdict(ProgramEnding(status, reported: reported, errorTail: tail), interruption, required: ["loss"])
  }

  private static func reason(_ verdict: TrialVerdict) -> String? {
    if case .tell(.failed(let reason)) = verdict { reason } else { nil }
  }

  @Test("Exit status 0 with all metrics completes the trial")
  func success() {
    #expect(Self.verdict(.exited(0), Self.reported()) == .tell(.completed(Measurement(["loss": 1]))))
  }

  @Test(
    "A result that was there before the interruption is told", arguments: [Interruption.stopped, .pruned, .leaseLost])
  func completeDespite(interruption: Interruption) {
    #expect(Self.verdict(.exited(0), Self.reported(), interruption) == .tell(.completed(Measurement(["loss": 1]))))
  }

  @Test(
    "A program that somebody else has ended by SIGTERM gives its trial back",
    arguments: [ProgramEnding.Status.killed(signal: 15), .exited(143)])
  func foreignSignal(status: ProgramEnding.Status) {
    #expect(Self.verdict(status) == .giveBack(reason: TrialReason.preempted))
  }

  @Test("Metrics of a program that fails do not count")
  func failureWithMetrics() {
    #expect(Self.reason(Self.verdict(.exited(3), Self.reported())) == "exit status 3")
  }

  @Test("The reason has the exit status, what could not be read, and the end of standard error")
  func reason() throws {
    let verdict = Self.verdict(.exited(1), Self.reported(#"{"loss": "x"}"#), tail: "Traceback\nValueError")
    let reason = try #require(Self.reason(verdict))
    #expect(reason.hasPrefix("exit status 1\n"))
    #expect(reason.contains("no numbers"))
    #expect(reason.hasSuffix("standard error ended with:\nTraceback\nValueError"))
  }

  @Test("Missing metrics are named")
  func missing() throws {
    #expect(try #require(Self.reason(Self.verdict(.exited(0)))).contains("expected loss"))
    let other = Self.verdict(.exited(0), Self.reported(#"{"time": 1}"#))
    #expect(try #require(Self.reason(other)).contains("not reported: loss"))
  }

  @Test("A signal is named, and so is why a program did not start")
  func otherEndings() throws {
    #expect(try #require(Self.reason(Self.verdict(.killed(signal: 9)))).hasPrefix("killed by signal 9"))
    #expect(Self.reason(Self.verdict(.notStarted("no such file"))) == "could not be started: no such file")
  }

  @Test("Exit status 75 gives the trial back, metrics or not")
  func temporaryFailure() {
    #expect(Self.verdict(.exited(75), Self.reported()) == .giveBack(reason: "exit status 75"))
  }

  @Test("A stopped program's trial is given back, and one that is no longer ours left alone")
  func interruptions() {
    #expect(Self.verdict(.killed(signal: 15), ReportedMetrics(), .stopped) == .giveBack(reason: TrialReason.preempted))
    #expect(Self.verdict(.exited(1), ReportedMetrics(), .stopped) == .giveBack(reason: TrialReason.preempted))
    #expect(Self.verdict(.killed(signal: 15), ReportedMetrics(), .leaseLost) == .abandon)
    for status in [ProgramEnding.Status.killed(signal: 15), .exited(0), .exited(75)] {
      #expect(Self.verdict(status, ReportedMetrics(), .pruned) == .tell(.pruned(reason: nil, nil)))
    }
  }
}
