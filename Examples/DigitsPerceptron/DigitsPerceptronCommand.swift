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
    let perceptrons = try trained(options, on: split.training)
    let validation = Evaluation(meanOf: perceptrons.map { $0.evaluated(on: split.validation) })
    describe(validation, on: "validation")
    if options.evaluatesTest {
      describe(Evaluation(meanOf: perceptrons.map { $0.evaluated(on: split.test) }), on: "test")
    }
    print(validation.line)
  }

  private static func trained(_ options: Options, on digits: Digits) throws(DigitsError) -> [Perceptron] {
    let trainings = (0..<options.repeats).map { Training(options, repeat: $0, on: digits) }
    func report(_ number: Int) -> (Training.Progress) -> Void {
      { progress in
        let (epoch, loss) = (rounded(progress.epochs), rounded(progress.trainingLoss))
        note("network \(number + 1) of \(options.repeats), epoch \(epoch): training loss \(loss)")
      }
    }
    guard let steps = options.steps else {
      return trainings.enumerated().map { $1.run(report: report($0)) }
    }
    var states: [TrainingState]
    if let path = options.resume {
      states = try StateFile.read(path)
      if states.count != trainings.count { throw .otherTraining("it has \(states.count) networks") }
    } else {
      states = trainings.map { $0.begin() }
    }
    for (number, training) in trainings.enumerated() {
      try training.go(on: &states[number], to: steps, report: report(number))
    }
    // Nobody could go on from networks that have diverged.
    if let path = options.save, states.allSatisfy(\.isSound) { try StateFile.write(states, to: path) }
    return states.map(\.perceptron)
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
