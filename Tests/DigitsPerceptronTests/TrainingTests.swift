import DigitsPerceptron
import Foundation
import Testing

@Suite("Training")
struct TrainingTests {
  private let split: DigitsSplit

  init() throws {
    split = DigitsSplit(try Digits(contentsOf: nil), seed: 1)
  }

  private func options(_ change: (inout Options) -> Void = { _ in }) -> Options {
    var options = Options()
    options.rule = .adam(beta2: 0.99)
    options.learningRate = 0.01
    options.width = 24
    options.batch = 32
    options.epochs = 12
    change(&options)
    return options
  }

  @Test("A short training errs on fewer than a tenth of the validation images")
  func learns() {
    let perceptron = Training(options(), on: split.training).run()
    #expect(perceptron.evaluated(on: split.validation).error < 0.1)
  }

  @Test("The same seed gives the same network, dropout included")
  func deterministic() {
    let options = options {
      $0.epochs = 1
      $0.dropout = 0.3
    }
    let first = Training(options, on: split.training).run()
    #expect(first == Training(options, on: split.training).run())
  }

  @Test("Another seed gives another network")
  func seed() {
    let first = Training(options { $0.epochs = 1 }, on: split.training).run()
    let other = options {
      $0.epochs = 1
      $0.seed = 2
    }
    #expect(first != Training(other, on: split.training).run())
  }

  @Test("Repeated trainings give other networks, and none that the next seed gives too")
  func repeats() {
    let networks = [(seed: UInt64(1), number: 0), (1, 1), (1, 2), (2, 0)].map { seed, number in
      let options = options {
        $0.epochs = 1
        $0.seed = seed
      }
      return Training(options, repeat: number, on: split.training).run()
    }
    for (index, network) in networks.enumerated() { #expect(!networks[..<index].contains(network)) }
  }

  @Test("A batch may be larger than the training images")
  func largeBatch() {
    let options = options {
      $0.batch = 1_000
      $0.epochs = 2
    }
    #expect(Training(options, on: split.training).run().evaluated(on: split.validation).loss.isFinite)
  }

  @Test("Without hidden layers the network is a linear classifier, which learns too")
  func noHiddenLayer() {
    let perceptron = Training(options { $0.depth = 0 }, on: split.training).run()
    #expect(perceptron.layers.count == 1)
    #expect(perceptron.evaluated(on: split.validation).error < 0.15)
  }

  @Test("A training that diverges stops early and says so")
  func diverges() {
    var reports = 0
    let options = options {
      $0.rule = .sgd(momentum: 0)
      $0.learningRate = 1e300
    }
    let perceptron = Training(options, on: split.training).run { _ in reports += 1 }
    #expect(perceptron.evaluated(on: split.validation).loss.isNaN)
    #expect(reports == 1)
  }

  @Test("Progress is reported ten times, up to the last epoch")
  func progress() {
    var epochs: [Double] = []
    _ = Training(options { $0.epochs = 2 }, on: split.training).run { epochs.append($0.epochs) }
    #expect(epochs.count == 10 && abs((epochs.last ?? 0) - 2) < 0.05)
  }
}

@Suite("Training in parts")
struct TrainingInPartsTests {
  private let digits: Digits

  init() throws {
    digits = DigitsSplit(try Digits(contentsOf: nil), seed: 1).training
  }

  private func training(_ change: (inout Options) -> Void = { _ in }) -> Training {
    var options = Options()
    options.width = 12
    options.dropout = 0.2
    options.rule = .sgd(momentum: 0.9)
    change(&options)
    return Training(options, on: digits)
  }

  @Test(
    "Two parts, saved in between, are the same as one",
    arguments: [Optimizer.Rule.sgd(momentum: 0.9), .adam(beta2: 0.99)])
  func parts(rule: Optimizer.Rule) throws {
    let training = training { $0.rule = rule }
    var whole = training.begin()
    try training.go(on: &whole, to: 30)
    var part = training.begin()
    try training.go(on: &part, to: 17)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try StateFile.write([part], to: file)
    var saved = try StateFile.read(file)
    #expect(saved == [part])
    try training.go(on: &saved[0], to: 30)
    #expect(saved == [whole])
    #expect(whole.steps == 30)
  }

  @Test("A state is gone on from with other hyperparameters, not with another network or to fewer steps")
  func others() throws {
    var state = training().begin()
    try training().go(on: &state, to: 5)
    let same = state
    #expect(throws: DigitsError.self) { try training { $0.width = 13 }.go(on: &state, to: 9) }
    #expect(throws: DigitsError.self) { try training().go(on: &state, to: 4) }
    try training().go(on: &state, to: 5)
    #expect(state == same)
    try training { $0.learningRate = 0.01 }.go(on: &state, to: 9)
    #expect(state.steps == 9)
  }

  @Test("A file that holds no state is refused", arguments: ["", "not a state"])
  func noState(text: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    #expect(throws: DigitsError.self) { try StateFile.read(file.path) }
  }

  @Test("Files of parts belong to steps")
  func options() {
    #expect(throws: OptionError.self) { try Options(["--save", "x"]) }
    #expect(throws: OptionError.self) { try Options(["--resume", "x"]) }
  }
}
