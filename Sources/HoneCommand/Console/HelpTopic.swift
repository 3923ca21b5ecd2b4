import ArgumentParser

/// What `hone help` says besides the help of each command: where to begin, and subjects that several commands share.
package enum HelpTopic: String, CaseIterable, Sendable {
  case spaces
  case results
  case parallel
  case exitCodes = "exit-codes"
  case environment
  case neighbours

  /// The page that the words after `hone help` ask for; `nil` where they are those of a command.
  ///
  /// - Throws: `CommandFailure` where there is no such page.
  package static func page(_ words: [String]) throws(CommandFailure) -> String? {
    guard let word = words.first else { return guide }
    if let topic = HelpTopic(rawValue: word), words.count == 1 { return topic.text + "\n" }
    if HoneTool.configuration.subcommands.contains(where: { $0.configuration.commandName == word }) { return nil }
    // Options, and the word by itself, are for the parser.
    if word.hasPrefix("-") || word == "help" { return nil }
    throw CommandFailure(
      .usage,
      "there is no help on \"\(word)\"; topics are \(allCases.map(\.rawValue).joined(separator: ", ")), and every command."
    )
  }

  private static var guide: String {
    var table = Table(["COMMAND", ""], cellLimit: 100)
    for command in HoneTool.configuration.subcommands {
      table.add([command.configuration.commandName ?? "", command.configuration.abstract])
    }
    let commands = table.text.split(separator: "\n").dropFirst().map { "  \($0)\n" }.joined()
    let topics = allCases.map { topic in
      "  " + topic.rawValue.padding(12) + topic.abstract + "\n"
    }.joined()
    return """
      Hone tunes the parameters of any program. In four steps:

      1. Run your program under it; the words with ~ say what to tune (hone help spaces):

           hone run first --db hone.db --goal minimize:loss --max-trials 30 -- \\
             python train.py --lr '{lr~loguniform(1e-5, 0.1)}' --layers '{layers~int(1, 8)}'

      2. The program prints what came out, on a line of its own (hone help results):

           hone: {"loss": 0.31}

      3. Look at it:

           hone best first --db hone.db
           hone plot history first --db hone.db

      4. More workers, on one machine or many (hone help parallel):

           hone run first --db hone.db --parallel 4 -- …
           hone serve --db hone.db        # then --server URL, or HONE_SERVER, instead of --db

      TOPICS (hone help TOPIC)

      \(topics)
      COMMANDS (hone help COMMAND)

      \(commands)
      """
  }

  /// What the topic is about.
  private var abstract: String {
    switch self {
    case .spaces: "parameters on the command line and in study files"
    case .results: "how programs say what came out"
    case .parallel: "several workers, machines and graphics processors"
    case .exitCodes: "what exit statuses mean, ours and those of programs"
    case .environment: "the variables that Hone reads and sets"
    case .neighbours: "Optuna, spreadsheets, other languages"
    }
  }

  private var text: String {
    switch self {
    case .spaces:
      """
      A parameter has a name and a domain. On the command line of hone run, between braces or as a whole word:

        {lr~loguniform(1e-5, 0.1)}           a number, on a log scale
        {dropout~uniform(0, 0.5, step=0.1)}  a number, here in steps
        {layers~int(1, 8, default=2)}        a whole number; the default is tried first
        {width~logint(16, 1024)}             a whole number, on a log scale
        {batch~ordinal(32, 64, 128)}         values with an order
        {opt~choice(sgd, adam, 'a, b')}      values without one
        {amp~bool()}                         true or false
        --lr~uniform(0, 1)                   the same as: --lr {lr~uniform(0, 1)}

      A name that was declared once may be used again as {name}. Quote such words: the shell reads parentheses. A study
      that is there already must have the same space.

      A study file says all of this and more, such as when a parameter takes part:

        {"name": "resnet",
         "parameters": [
           {"name": "lr", "type": "float", "low": 1e-5, "high": 0.1, "log": true, "default": 0.001},
           {"name": "optimizer", "type": "categorical", "choices": ["sgd", "adam"]},
           {"name": "momentum", "type": "float", "low": 0, "high": 0.99, "when": {"optimizer": ["sgd"]}}],
         "parameter_constraints": ["2 * layers + batch <= 140"],
         "objectives": [{"metric": "loss", "goal": "minimize"}],
         "budget": {"max_trials": 200}}

        hone study create resnet.json --db hone.db
      """
    case .results:
      """
      A program under hone run says what came out in one of three ways:

        hone: {"loss": 0.31, "latency_ms": 12}     a line on standard output
        {"loss": 0.31}                             a line of the file $HONE_RESULT
        --metric-regex 'loss=val_loss: ([0-9.e+-]+)'   a number on any line of standard output

      Of each metric the last value counts. A line with a "step" is an intermediate measurement, reported at once; a study
      with a stopping rule ends the trial by SIGTERM where it looks hopeless. "NaN" fails a trial, an infinity makes it
      infeasible, which the tuner learns from.

      By hand: hone ask, hone report and hone tell.
      """
    case .parallel:
      """
        hone run s --db hone.db --parallel 4 -- …             four programs at a time
        hone run s --gpus 0,1,2,3 -- …                        one for each graphics processor
        hone serve --db hone.db --host 0.0.0.0                many machines: each has hone run with --server or HONE_SERVER

      Beyond this machine the server wants access tokens (hone token create; HONE_TOKEN). A run that is stopped gives its
      trials back; one that dies loses them to others when its leases end, after --lease-seconds. One that is started
      again goes on with its own trials.
      """
    case .exitCodes:
      """
      Hone's own:

      \(ExitStatus.table)
       128 + n  hone run was ended by signal n, and has given its trials back

      Of programs under hone run:

         0  with all metrics of the study: completed
        75  the trial is given back, to be evaluated again; also where a SIGTERM that is not ours has ended the program
      else  failed; the reason has the last lines of standard error (hone trial show)
      """
    case .environment:
      """
      Hone reads:

        HONE_SERVER             the address of the server, where neither --db nor --server is given
        HONE_TOKEN              the access token for it

      Programs under hone run find:

        HONE_PARAMS             the parameters as a JSON object
        HONE_TRIAL, HONE_STUDY  the trial's number, the study's name
        HONE_RESULT             a file to which results may be appended, a JSON object on each line
        HONE_REQUEST            what a tuner that follows gradients asks for
        HONE_CHECKPOINT_IN      in populations: the state to go on from; not set at the start
        HONE_CHECKPOINT_OUT     in populations: where to leave the state
        HONE_STEP_FROM, HONE_STEP_TO, HONE_MEMBER
        CUDA_VISIBLE_DEVICES, HIP_VISIBLE_DEVICES   with --gpus
      """
    case .neighbours:
      """
        hone import optuna optuna.db --dry-run          what an Optuna study would become
        hone import optuna optuna.db --study s --db hone.db
        hone export s optuna --output optuna.db         and back; Optuna goes on with it
        hone export s csv --output trials.csv           for spreadsheets and pandas
        hone export s jsonl --output s.jsonl            everything; hone import jsonl makes an equal study of it

      Any language can ask and tell over HTTP; a server answers /openapi.yaml. The Python client (Clients/python) reads like
      Optuna, and has a sampler for Optuna, a searcher for Ray Tune, and pruning for other frameworks.
      """
    }
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count + 2)) }
}
