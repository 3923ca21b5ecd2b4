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
    let perceptron = Training(options, on: split.training).run { progress in
      note("epoch \(rounded(progress.epochs)) of \(options.epochs): training loss \(rounded(progress.trainingLoss))")
    }
    let validation = perceptron.evaluated(on: split.validation)
    describe(validation, on: "validation")
    if options.evaluatesTest { describe(perceptron.evaluated(on: split.test), on: "test") }
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
