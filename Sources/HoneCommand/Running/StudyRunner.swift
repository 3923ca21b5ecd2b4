import Foundation
import TuningModel

/// Evaluates the trials of a study by running a program, several at a time.
struct StudyRunner: Sendable {
  /// What the user asked of a run.
  struct Settings: Sendable {
    /// How many trials to finish; `nil` for as many as the study has.
    var maxTrials: Int?
    /// The length of a lease in seconds.
    var leaseSeconds = 60.0
    /// How long a program has between SIGTERM and SIGKILL.
    var grace = Duration.seconds(10)
    /// The folder for the states of populations.
    var checkpoints = "hone-checkpoints"
    /// Whether states stay that nothing goes on from any more.
    var keepsCheckpoints = false
    /// Whether the program's own output is shown.
    var isVerbose = false
    /// Metrics that programs print in their own form.
    var patterns: [MetricPattern] = []
    /// The graphics processors of the slots; `nil` where programs see what the run sees.
    var devices: GraphicsDevices?
  }

  let client: any StudyClient
  let study: StudySummary
  let template: CommandTemplate
  let workers: WorkerNames
  let settings: Settings
  let control: RunControl
  let groups: ProcessGroups

  /// Runs until the study is finished, the allowance is used or somebody stops it.
  ///
  /// - Throws: `CommandFailure` when the run cannot begin or cannot go on.
  func run() async throws -> RunSummary {
    let definition = study.study.definition
    let best = definition.objectives.count == 1 ? try await client.best(definition.name) : nil
    let display = ProgressDisplay(RunTally(definition, best: best), total: total)
    let scratch = try Self.makeScratchFolder()
    let timers = TimerThread()
    defer {
      timers.end()
      try? FileManager.default.removeItem(at: scratch)
    }
    let clock = timers.repeat(every: .seconds(1)) { display.refresh() }
    var passThrough: (@Sendable (TrialNumber, String) -> Void)?
    if settings.isVerbose { passThrough = { trial, line in display.say("[\(trial)] \(line)") } }
    let folder = CheckpointFolder(settings.checkpoints, study: definition.name)
    let sweep =
      settings.keepsCheckpoints
      ? nil : CheckpointSweep(client: client, study: definition.name, folder: folder, display: display)
    let program = ObjectiveProgram(
      template: template, study: definition.name, grace: settings.grace, scratch: scratch, groups: groups,
      checkpoints: folder, passThrough: passThrough, patterns: settings.patterns,
      readsSteps: !definition.requiredMetrics.contains("step"))
    let leases = LeaseKeeper(
      client: client, study: definition.name, lease: .seconds(settings.leaseSeconds),
      timeout: definition.budget.trialTimeoutSeconds.map { .seconds($0) }, timers: timers)
    let allowance = TrialAllowance(settings.maxTrials)
    await withTaskGroup(of: Void.self) { group in
      for (index, name) in workers.names.enumerated() {
        var program = program
        program.environment = settings.devices?.environment(ofSlot: index) ?? [:]
        let slot = WorkerSlot(
          name: name, client: client, definition: definition, program: program, leases: leases, allowance: allowance,
          control: control, display: display, sweep: sweep)
        group.addTask { await slot.work() }
      }
    }
    if !control.interruption.isOpen { await sweep?.finish() }
    clock.cancel()
    display.end()
    return try await summary(of: display.tally)
  }

  /// How many trials this run will finish at most; `nil` without any limit.
  private var total: Int? {
    let spent = study.counts.filter(\.key.isFinal).values.reduce(0, +)
    let left = study.study.definition.budget.maxTrials.map { max(0, $0 - spent) }
    return [settings.maxTrials, left].compactMap { $0 }.min()
  }

  private func summary(of tally: RunTally) async throws -> RunSummary {
    let ending: String
    switch control.endingReason {
    case .failed(let failure): throw failure
    case .interrupted: ending = "interrupted"
    case .spaceExhausted: ending = "space_exhausted"
    case .tunerFinished: ending = "tuner_finished"
    case .allowanceUsed: ending = "max_trials"
    case .studyFinished, nil: ending = "finished"
    }
    var best = tally.best
    if tally.metric != nil, !control.interruption.isOpen {
      do throws(StudyError) {
        best = try await client.best(study.study.name)
      } catch {
        // All results are told by now, so the run has not failed.
        Terminal.errors.write("hone: \(error.message)\nhone: the best trial is the best that this run knows of\n")
      }
    }
    return RunSummary(study: study.study.name, tally: tally, ending: ending, best: best)
  }

  /// Makes a folder for the files of programs.
  static func makeScratchFolder() throws(CommandFailure) -> URL {
    let pattern = FileManager.default.temporaryDirectory.appendingPathComponent("hone-run-XXXXXX").path
    var bytes = pattern.utf8CString.map { $0 }
    guard mkdtemp(&bytes) != nil else {
      throw CommandFailure(.failed, "no folder can be made for the programs' files: \(pattern)")
    }
    return URL(fileURLWithPath: String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }
}
