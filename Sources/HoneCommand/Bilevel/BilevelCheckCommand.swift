import ArgumentParser
import Bilevel
import Foundation
import TuningModel

/// `hone bilevel check-gradient`.
struct BilevelCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-gradient",
    abstract: "Holds gradients against finite differences: your program's, or a built-in family's.",
    discussion: """
      With a study's definition and a program, the program is run as hone run would run it: once for a hypergradient, \
      then for values around it. It finds its request in HONE_REQUEST and its parameters in its arguments and \
      HONE_PARAMS, and answers with a line such as

        hone: {"oracle": {"g": 0.31, "grad_g_norm": 1.2, "z": [0.1, -0.2], "eps_hat": 1e-9, "delta_hat": 0}}

      Each component of z, and z along one direction, is compared with a central difference of g; g asked for as a \
      value with the g that came with the gradient. Requests name no trial to start from.

      A program that has products with the second derivatives can have them tested too. With vectors v, w and u of its \
      own choice it reports, beside "oracle", the numbers v_Hw = <v, Hw> and Hv_w = <Hv, w>, and with the mixed \
      derivatives J, one row for each inner variable, v_Ju = <v, Ju>, by a product with J or a difference of the inner \
      gradient along u, and Jtv_u = <J'v, u>. Each pair has to agree.

      With --problem and --csv the derivatives of a family are checked at theta's start: z, products with the Hessian \
      and the mixed derivatives against differences, and the adjoint tests <v, Hw> = <Hv, w> and <v, Ju> = <J'v, u>.

      The exit status is 0 where everything agrees to --tolerance, else 1.

      EXAMPLES

        hone bilevel check-gradient study.json -- python oracle.py {theta}
        hone bilevel check-gradient --problem logistic --csv cancer.csv --penalty per-feature
      """)

  @Argument(help: ArgumentHelp("A study's definition: JSON, a file of it, or -.", valueName: "study|file|-"))
  var study: String?

  @Option(
    help: ArgumentHelp(
      "Where to check: parameters as JSON; the study's default point where left out.", valueName: "json"))
  var at: String?

  @Option(help: ArgumentHelp("The accuracy that programs are asked for.", valueName: "number"))
  var eps = 1e-9

  @Option(help: ArgumentHelp("The length of a difference, as a share of the coordinate's range.", valueName: "number"))
  var step = 1e-4

  @Option(help: ArgumentHelp("The greatest relative mismatch that passes.", valueName: "number"))
  var tolerance = 1e-3

  @Option(help: ArgumentHelp("The most components that are checked one by one.", valueName: "n"))
  var components = 20

  @OptionGroup var problemOptions: BilevelProblemOptions
  @OptionGroup var runOptions: BilevelRunOptions
  @OptionGroup var output: OutputOptions

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("The program and its arguments, after --.", valueName: "program"))
  var command: [String] = []

  func validate() throws {
    if (study == nil) == (problemOptions.problem == nil) {
      throw ValidationError("Name a study and a program, or a --problem with --csv.")
    }
    if study != nil, command.isEmpty { throw ValidationError("There is no program to run; name it after --.") }
    if !(eps >= 0 && eps.isFinite) { throw ValidationError("--eps must be a number from 0.") }
    if !(step > 0 && step < 0.5) { throw ValidationError("--step must be between 0 and 0.5.") }
    if !(tolerance > 0 && tolerance.isFinite) { throw ValidationError("--tolerance must be above 0.") }
    if components < 1 { throw ValidationError("--components must be at least 1.") }
  }

  func run() async throws {
    let check = try await study == nil ? checkProblem() : checkProgram()
    let isGood = check.failures.isEmpty
    output.write(Self.json(check), Self.text(check))
    if !isGood {
      throw CommandFailure(
        .failed,
        "\(check.failures.count) of \(check.entries.count) comparisons do not agree: the gradient is wrong, or inexact")
    }
  }

  private func checkProblem() throws -> GradientCheck {
    let problem = try problemOptions.read()
    var settings = try runOptions.settings(for: problem, seed: problemOptions.table.seed)
    settings.tuner = settings.tuner ?? HypergradientTuner.description.name
    do throws(BilevelRunError) {
      let run = try BilevelRun([problem.folds[0]], settings: settings)
      return try problem.folds[0].gradientCheck(
        at: run.start, names: run.hyperparameters.map(\.name), by: run, most: components, tolerance: tolerance)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func checkProgram() async throws -> GradientCheck {
    let json = try JSONInput(study ?? "").read()
    let definition: StudyDefinition
    do throws(InvalidInput) {
      definition = try StudyDefinition(json)
    } catch {
      throw CommandFailure(.usage, "the study: \(error.description)")
    }
    let oracle = try ProgramOracle(definition, command, eps: eps)
    defer { oracle.end() }
    return try await oracle.check(
      at: try at.map { try JSONInput($0).read() }, step: step, components: components, tolerance: tolerance)
  }

  private static func json(_ check: GradientCheck) -> JSONValue {
    [
      "agrees": .bool(check.failures.isEmpty), "tolerance": .number(check.tolerance),
      "comparisons": .array(
        check.entries.map {
          [
            "name": .string($0.name), "claimed": .number($0.claimed), "measured": .number($0.measured),
            "mismatch": .number($0.mismatch), "agrees": .bool($0.mismatch <= check.tolerance),
          ]
        }),
    ]
  }

  private static func text(_ check: GradientCheck) -> String {
    var table = Table(["WHAT", "CLAIMED", "MEASURED", "MISMATCH", ""])
    for entry in check.entries {
      table.add([
        entry.name, NumberText.short(entry.claimed), NumberText.short(entry.measured), NumberText.short(entry.mismatch),
        entry.mismatch <= check.tolerance ? "ok" : "WRONG",
      ])
    }
    return table.text + (check.failures.isEmpty ? "everything agrees\n" : "")
  }
}
