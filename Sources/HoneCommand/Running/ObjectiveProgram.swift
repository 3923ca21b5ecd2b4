import Foundation
import Subprocess
import TuningModel

/// The user's program, run once for each trial.
///
/// Memory stays bounded whatever it prints: of standard output one line is held, of standard error the last bytes.
struct ObjectiveProgram: Sendable {
  /// The program with places for the parameters.
  var template: CommandTemplate
  /// The name of the study, for the program's environment.
  var study: String
  /// How long a program has after SIGTERM before it is killed.
  var grace: Duration
  /// A folder for the files that programs read and write.
  var scratch: URL
  /// The groups of the programs under way.
  var groups: ProcessGroups
  /// Where programs of populations leave their states.
  var checkpoints: CheckpointFolder
  /// Receives each line that is no report, from both streams; `nil` drops them.
  var passThrough: (@Sendable (TrialNumber, String) -> Void)?

  /// Metrics that the program prints in its own form.
  var patterns: [MetricPattern] = []

  /// What else the program's environment has.
  var environment: [String: String] = [:]

  /// Whether `step` makes a report an intermediate one.
  var readsSteps = true

  /// How often the result file is looked at while the program runs.
  private static let filePause = Duration.milliseconds(200)

  /// How many bytes of standard error are kept.
  static let errorTailSize = 3_000

  /// Receives intermediate measurements.
  typealias Receiver = @Sendable ([TuningModel.Measurement]) async -> Void

  /// Runs the program for a trial until it ends; cancelling the task stops it.
  ///
  /// - Parameter receive: takes intermediate measurements as they come; all have come when this ends.
  func evaluate(_ trial: Trial, _ receive: @escaping Receiver) async -> ProgramEnding {
    let folder = scratch.appendingPathComponent("trial-\(trial.number)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let parametersFile = folder.appendingPathComponent("params.json").path
    let resultFile = folder.appendingPathComponent("result.jsonl").path
    let parameters = trial.parameters.json.text
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data((parameters + "\n").utf8).write(to: URL(fileURLWithPath: parametersFile))
      try Data().write(to: URL(fileURLWithPath: resultFile))
      try checkpoints.prepare(for: trial)
    } catch {
      return ProgramEnding(.notStarted("its files cannot be written: \(error.localizedDescription)"))
    }
    let words = template.filled(with: trial.parameters, trial: trial.number, parametersFile: parametersFile)
    guard let program = words.first, !words.contains(where: { $0.utf8.contains(0) }) else {
      return ProgramEnding(.notStarted("an argument has a zero byte, which no program can receive"))
    }
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)]
    var environment: [Environment.Key: String?] = [
      "HONE_PARAMS": parameters, "HONE_TRIAL": "\(trial.number)", "HONE_STUDY": study, "HONE_RESULT": resultFile,
      "HONE_REQUEST": trial.request?.json.text,
    ]
    for (name, value) in self.environment { environment[Environment.Key(stringLiteral: name)] = .some(value) }
    for (name, value) in checkpoints.environment(of: trial) {
      environment[Environment.Key(stringLiteral: name)] = .some(value)
    }
    let configuration = Configuration(
      executable: program.contains("/") ? .path(filePath(program)) : .name(program),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .inherit.updating(environment),
      platformOptions: options)
    return await run(configuration, trial.number, resultFile, receive)
  }

  private func run(
    _ configuration: Configuration, _ trial: TrialNumber, _ resultFile: String, _ receive: @escaping Receiver
  ) async -> ProgramEnding {
    let results = ResultFile(resultFile, ReportedMetrics(readsSteps: readsSteps))
    let following = Task {
      while !Task.isCancelled {
        await receive(results.newMeasurements())
        try? await Task.sleep(for: Self.filePause)
      }
    }
    defer { following.cancel() }
    do {
      let outcome = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .sequence) {
        execution in
        let leader = execution.processIdentifier.value
        groups.add(leader)
        defer { groups.remove(leader) }
        // Tasks of their own, which being stopped does not cancel: a program may speak until its grace is over, and its
        // group is known until it has ended.
        let (output, errors) = (execution.standardOutput, execution.standardError)
        let errorTail = Task { try await readErrors(errors, of: leader, trial) }
        let reported = Task { try await readOutput(output, of: leader, trial, receive) }
        return (try await reported.value, try await errorTail.value)
      }
      // Its leader is gone; whatever it left behind in its group goes as well.
      ProcessGroups.kill(outcome.processIdentifier.value)
      var (reported, errorTail) = outcome.closureResult
      following.cancel()
      await following.value
      await receive(results.lastMeasurements())
      results.readMetrics(into: &reported)
      let status: ProgramEnding.Status =
        switch outcome.terminationStatus {
        case .exited(let code): .exited(code)
        case .signaled(let signal): .killed(signal: signal)
        }
      return ProgramEnding(status, reported: reported, errorTail: errorTail)
    } catch {
      return ProgramEnding(.notStarted(String(describing: error)))
    }
  }

  private func readOutput(
    _ stream: SubprocessOutputSequence, of leader: pid_t, _ trial: TrialNumber, _ receive: Receiver
  ) async throws -> ReportedMetrics {
    var reported = ReportedMetrics(readsSteps: readsSteps)
    let readers = patterns.compactMap(\.reader)
    var lines = LineSplitter(prefix: passThrough == nil && readers.isEmpty ? ReportedMetrics.prefix : "")
    func read(_ line: LineSplitter.Line) {
      if reported.read(output: line) { return }
      if passThrough == nil && readers.isEmpty { return }
      let text = String(decoding: line.bytes, as: UTF8.self)
      for reader in readers {
        if let value = reader.value(in: text) { reported.note(value, of: reader.metric) }
      }
      passThrough?(trial, text)
    }
    for try await buffer in stream {
      buffer.withUnsafeBytes { lines.take($0, read) }
      await receive(reported.takeMeasurements())
      endGroup(of: leader)
    }
    lines.finish(read)
    await receive(reported.takeMeasurements())
    return reported
  }

  private func readErrors(
    _ stream: SubprocessOutputSequence, of leader: pid_t, _ trial: TrialNumber
  ) async throws -> String {
    var tail = TailBuffer(capacity: Self.errorTailSize)
    var lines = LineSplitter()
    func read(_ line: LineSplitter.Line) { passThrough?(trial, String(decoding: line.bytes, as: UTF8.self)) }
    for try await buffer in stream {
      buffer.withUnsafeBytes { bytes in
        tail.take(bytes)
        if passThrough != nil { lines.take(bytes, read) }
      }
      endGroup(of: leader)
    }
    lines.finish(read)
    return tail.text
  }

  /// The path type of the library in use, made by the one way that does not depend on its module.
  private func filePath<Path: ExpressibleByStringLiteral>(_ path: String) -> Path
  where Path.StringLiteralType == String { Path(stringLiteral: path) }

  /// Kills what is left of a group whose leader has ended: a child of it that writes on would keep us reading.
  private func endGroup(of leader: pid_t) {
    if ProcessGroups.hasEnded(leader) { ProcessGroups.kill(leader) }
  }
}
