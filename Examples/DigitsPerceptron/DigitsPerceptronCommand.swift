import Foundation

/// The program: reads its options, trains, and prints what a tuner wants to know.
@main
struct DigitsPerceptronCommand {
  static func main() {
    do {
      try run(Options(Array(CommandLine.arguments.dropFirst())))
    } catch let error as OptionError {
      stop("\(error)", status: 2)
    } catch {
      stop("\(error)", status: 1)
    }
  }

  private static func run(_ options: Options) throws(DigitsError) {
    if options.wantsHelp { return print(Options.help) }
    let split = DigitsSplit(try Digits(contentsOf: options.data), seed: options.split)
    let perceptrons = (0..<options.repeats).map { number in
      Training(options, repeat: number, on: split.training).run { progress in
        let (epoch, loss) = (rounded(progress.epochs), rounded(progress.trainingLoss))
        note("network \(number + 1) of \(options.repeats), epoch \(epoch) of \(options.epochs): training loss \(loss)")
      }
    }
    let validation = Evaluation(meanOf: perceptrons.map { $0.evaluated(on: split.validation) })
    describe(validation, on: "validation")
    if options.evaluatesTest {
      describe(Evaluation(meanOf: perceptrons.map { $0.evaluated(on: split.test) }), on: "test")
    }
    print(validation.line)
  }

  private static func describe(_ evaluation: Evaluation, on part: String) {
    note("\(part): loss \(rounded(evaluation.loss)), error \(rounded(100 * evaluation.error)) %")
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.4g", value) }

  private static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  private static func stop(_ text: String, status: Int32) -> Never {
    note("DigitsPerceptron: \(text)")
    exit(status)
  }
}
