import ArgumentParser
import Foundation
import TuningModel

/// `hone run`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Evaluates a study's trials by running a program.",
    discussion: """
      Asks for trials, runs the program once for each, and tells what it reports, until the study is finished, its \
      budget is spent or --max-trials is reached.

      PARAMETERS REACH THE PROGRAM

      In every argument {name} stands for the value of the parameter name, {trial} for the trial's number, and \
      {params_file} for the path of a JSON file with all parameters. {{ and }} stand for the braces themselves, and so \
      does a brace that encloses no name, as in { print $1 }. Arguments are filled one by one; no shell reads them. An argument with the value of a parameter that is inactive in a \
      trial is left out; where the value is all of that argument, so is the argument right before it, if that is an \
      option: begins with -, is more than dashes, and has no = in it. So of "--opt {optimizer} --momentum {momentum}" \
      the first half remains where momentum is inactive. An unknown placeholder is an error before anything starts.

      THE SPACE ON THE COMMAND LINE

      A word may declare its parameter; then the study is made where it is not there, with the objectives of --goal:

        --lr {lr~loguniform(1e-5, 0.1, default=0.001)}    {batch~ordinal(32, 64, 128)}
        --layers {layers~int(1, 8)}                       {opt~choice(sgd, adam)}

      Domains are uniform(low, high), loguniform(low, high), int(low, high), logint(low, high), choice(a, b, …), \
      ordinal(a, b, …) and bool(); step= may follow in uniform and int, default= in all. --lr~uniform(0, 1) as a whole \
      word is --lr {lr~uniform(0, 1)}. Put such words in quotation marks, or the shell reads the parentheses. A study that \
      is there must have this space. hone help spaces says more.

      The program's environment has HONE_PARAMS (the parameters as JSON), HONE_TRIAL, HONE_STUDY, and HONE_RESULT. Its \
      standard input is empty.

      RESULTS COME BACK

      The program prints lines of the form

        hone: {"loss": 0.31, "latency_ms": 12}

      to standard output, or appends such JSON objects, a line each, to the file $HONE_RESULT. Of each metric the last \
      value counts, and the file counts after the output. "NaN", "Infinity" and "-Infinity" are numbers, with and \
      without quotation marks. Other output is dropped, or shown with --verbose.

      A line with a "step", a whole number, is an intermediate measurement and reported at once, such as

        hone: {"step": 3, "loss": 0.5}

      Where the study's stopping rule finds the trial unpromising, the program receives SIGTERM, and SIGKILL \
      --grace-seconds later, and the trial is pruned. Intermediate values are never final ones: the metrics of the whole \
      trial come on a line without a step.

      A program that prints its metrics in a form of its own needs no change: --metric-regex 'loss=val_loss: ([0-9.e+-]+)' \
      takes the number of the first group from each line of standard output that matches; the last one counts.

      Where the program knows standard errors of its metrics, it adds them to the line of the result:

        hone: {"loss": 0.31, "standard_errors": {"loss": 0.02}}

      Where the tuner asks for gradients, HONE_REQUEST has the trial's request as JSON, and the program answers it with

        hone: {"oracle": {"g": 0.31, "grad_g_norm": 1.2, "z": [0.1, -0.2], "eps_hat": 0.01, "delta_hat": 0}}

      POPULATIONS

      In a study of the tuner population_based or fixed_schedule a trial is a part of a member's training. The program trains from step \
      HONE_STEP_FROM to step HONE_STEP_TO, from the state at the path HONE_CHECKPOINT_IN, which is not set where it begins \
      from scratch, and leaves its own at the path HONE_CHECKPOINT_OUT, as a file or a folder; without one the trial fails. \
      Paths lie in the folder --checkpoints, which all workers have to share. hone schedule shows what came of it. States that nothing goes on from any more are deleted, unless --keep-checkpoints \
      says otherwise; the best and the last ones of each member stay (hone checkpoints lists them).

      THE END OF A TRIAL

      Exit status 0 with all metrics of the study's objectives and constraints completes the trial. Exit status 75 \
      gives it back, to be evaluated again, and so does an end by a SIGTERM that is not ours, such as a scheduler's. Anything else fails it, with a reason that has the last lines of the \
      program's standard error. Processes that the program leaves behind in its process group are killed. A program that \
      cannot be started fails its trial and ends the run.

      STOPPING

      At the first Ctrl-C or SIGTERM programs receive SIGTERM, and SIGKILL --grace-seconds later, and their trials are \
      given back; a second one ends everything at once. The exit status is then 128 plus the signal's number. It is 1 \
      when every trial that the run finished has failed.

      Each of the --parallel slots asks under a name of its own, --worker and a number, and receives its own unfinished \
      trials first; so a run that is started again goes on where it was stopped. Leases are renewed while programs run. \
      A server that cannot be reached is tried again for five minutes, so that no result is lost.

      GRAPHICS PROCESSORS

      --gpus 0,1,2,3 gives each slot one of its own, in turn, by CUDA_VISIBLE_DEVICES and HIP_VISIBLE_DEVICES, and makes \
      as many slots where --parallel does not say otherwise; with more slots than processors some share one. 0+1,2+3 gives \
      two to each slot. auto takes those that the environment leaves, else those that the drivers list. \
      ROCR_VISIBLE_DEVICES is left alone, since it filters before these.

      EXAMPLES

        hone run quick --db hone.db --goal minimize:loss --max-trials 30 -- \
          python train.py '--lr~loguniform(1e-5, 0.1)' '--layers~int(1, 8)'
        hone run resnet --db hone.db --parallel 4 -- \\
          python train.py --lr {lr} --layers {layers} --momentum {momentum}
        hone run resnet --server http://tuner:8080 --max-trials 50 -- \\
          ./train --config {params_file}
        hone run quadratic --db hone.db -- \\
          awk 'BEGIN { print "hone: {\\"loss\\": " (ARGV[1] - 1)^2 "}" }' {x}
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(help: ArgumentHelp("How many programs run at once; 1, or with --gpus one for each.", valueName: "n"))
  var parallel: Int?

  @Option(
    help: ArgumentHelp(
      "What to optimise in a study that the command declares, as minimize:loss; may be repeated.", valueName: "goal"),
    transform: GoalArgument.init)
  var goal: [GoalArgument] = []

  @Option(
    help: ArgumentHelp("A metric that the program prints in its own form; may be repeated.", valueName: "metric=regex"),
    transform: MetricPattern.init)
  var metricRegex: [MetricPattern] = []

  @Option(help: ArgumentHelp("The graphics processors of the slots: 0,1,2,3 or auto.", valueName: "list"))
  var gpus: String?

  @Option(
    help: ArgumentHelp("How many trials this run finishes; as many as the study has, where left out.", valueName: "m"))
  var maxTrials: Int?

  @Option(
    help: ArgumentHelp(
      "What the slots' names begin with; the host's name where left out. A run takes the lowest numbers that no other run of the study on this host has.",
      valueName: "name"))
  var worker: String?

  @Option(help: ArgumentHelp("How long a trial is ours after the last sign of life.", valueName: "seconds"))
  var leaseSeconds = 60.0

  @Option(help: ArgumentHelp("How long a program has between SIGTERM and SIGKILL.", valueName: "seconds"))
  var graceSeconds = 10.0

  @Option(
    help: ArgumentHelp("The folder for the states of a population; all workers share it.", valueName: "folder"))
  var checkpoints = "hone-checkpoints"

  @Flag(help: "Keep the states of a population that nothing goes on from any more.")
  var keepCheckpoints = false

  @Flag(name: .shortAndLong, help: "Show the programs' own output on standard error.")
  var verbose = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The program and its arguments, after --.", valueName: "program"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty { throw ValidationError("There is no program to run; name it after --.") }
    if let parallel, !(1...10_000).contains(parallel) {
      throw ValidationError("--parallel must be between 1 and 10000.")
    }
    if let maxTrials, maxTrials < 1 { throw ValidationError("--max-trials must be at least 1.") }
    if !(1...31_536_000).contains(leaseSeconds) { throw ValidationError("--lease-seconds must be from 1 to a year.") }
    if !(0...3_600).contains(graceSeconds) { throw ValidationError("--grace-seconds must be from 0 to 3600.") }
    if let worker, !(1...200).contains(worker.unicodeScalars.count) {
      throw ValidationError("--worker must have 1 to 200 characters.")
    }
  }

  func run() async throws {
    let place = try connection.place()
    let inline: InlineSpace
    do throws(InlineSpace.Mistakes) {
      inline = try InlineSpace(command)
    } catch {
      throw CommandFailure(.usage, error.sentences.joined(separator: "\n"))
    }
    let devices = try gpus.map { text throws(CommandFailure) in try GraphicsDevices(text) }
    let (control, groups) = (RunControl(), ProcessGroups())
    SignalWatch.start(
      // Time for the programs to end, and then for their trials to be given back.
      limit: .seconds(graceSeconds) + .seconds(15),
      first: { signal in
        Terminal.errors.write("\nhone: stopping; programs are ended and their trials given back\n")
        control.interrupt(signal: signal)
      },
      urgent: { _ in groups.killAll() })
    let summary = try await place.use(creating: !inline.parameters.isEmpty) { client in
      try await runner(client, inline, devices, control, groups).run()
    }
    output.write(summary.json, summary.text)
    if case .interrupted(let signal) = control.endingReason { throw ExitCode(128 + signal) }
    let finished = summary.tally.finished
    if summary.tally.finishedCount > 0, finished[.failed] == summary.tally.finishedCount {
      throw CommandFailure(.failed, "every trial of this run has failed; hone trial list \(study) says why")
    }
  }

  /// The study, made where the command declares it and it is not there.
  private func found(_ client: any StudyClient, _ inline: InlineSpace) async throws -> StudySummary {
    if inline.parameters.isEmpty {
      let summary = try await client.study(study)
      if !goal.isEmpty, goal.map(\.objective) != summary.study.definition.objectives {
        throw CommandFailure(.conflict, "the study \(study) has other objectives than --goal says.")
      }
      return summary
    }
    let space: SearchSpace
    do throws(InvalidInput) {
      space = try SearchSpace(inline.parameters)
    } catch {
      throw CommandFailure(StudyError(error), subject: "the space on the command line")
    }
    do {
      let summary = try await client.study(study)
      let known = summary.study.definition
      let isSame =
        known.space.constraints.isEmpty
        && known.space.parameters.sorted { $0.name < $1.name } == space.parameters.sorted { $0.name < $1.name }
      if !isSame || (!goal.isEmpty && goal.map(\.objective) != known.objectives) {
        throw CommandFailure(
          .conflict,
          "the study \(study) is there with another space or other objectives; hone study show \(study) says which.")
      }
      return summary
    } catch let error as StudyError where error.code == .studyNotFound {
      if goal.isEmpty {
        throw CommandFailure(
          .usage, "there is no study \(study) yet; to make it, say --goal minimize:METRIC or maximize:METRIC.")
      }
      let definition: StudyDefinition
      do throws(InvalidInput) {
        definition = try StudyDefinition(study, space: space, objectives: goal.map(\.objective))
      } catch {
        throw CommandFailure(StudyError(error), subject: "the study on the command line")
      }
      return try await client.create(definition).summary
    }
  }

  private func runner(
    _ client: any StudyClient, _ inline: InlineSpace, _ devices: GraphicsDevices?, _ control: RunControl,
    _ groups: ProcessGroups
  ) async throws -> StudyRunner {
    let summary = try await found(client, inline)
    let template: CommandTemplate
    do throws(CommandTemplate.Mistakes) {
      template = try CommandTemplate(inline.words, for: summary.study.definition.space)
    } catch {
      throw CommandFailure(.usage, error.sentences.joined(separator: "\n"))
    }
    if summary.study.tunerName == "population_based",
      summary.study.definition.tuner.options["long_lived"] == .bool(true)
    {
      throw CommandFailure(
        .usage,
        "the study \(study) has long-lived trials, whose workers act on the answers to their reports; hone run cannot")
    }
    let workers = try WorkerNames(parallel ?? devices?.devices.count ?? 1, prefix: worker, study: study)
    let settings = StudyRunner.Settings(
      maxTrials: maxTrials, leaseSeconds: leaseSeconds, grace: .seconds(graceSeconds),
      checkpoints: checkpoints, keepsCheckpoints: keepCheckpoints, isVerbose: verbose,
      patterns: metricRegex, devices: devices)
    return StudyRunner(
      client: client, study: summary, template: template, workers: workers, settings: settings, control: control,
      groups: groups)
  }
}
