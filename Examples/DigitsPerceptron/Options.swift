/// What the user asked for on the command line.
package struct Options: Equatable {
  /// Units in each hidden layer.
  package var width = 32
  /// Hidden layers.
  package var depth = 1
  /// The length of the first step; from there it falls to 0.
  package var learningRate = 0.1
  /// Images whose mean gradient makes a step.
  package var batch = 64
  /// How steps follow from gradients.
  package var rule = Optimizer.Rule.sgd(momentum: 0)
  /// The share of each weight that a step takes off, divided by the learning rate.
  package var weightDecay = 1e-6
  /// The share of hidden units that each step leaves out.
  package var dropout = 0.0
  /// Passes over the training images.
  package var epochs = 10
  /// Networks to train, each with weights, order and dropout of its own; their mean loss and error count.
  package var repeats = 3
  /// What weights, order and dropout are drawn from.
  package var seed: UInt64 = 1
  /// What the division into training, validation and test images is drawn from.
  package var split: UInt64 = 1
  /// A file of digits to use in place of the one that is built in.
  package var data: String?
  /// Steps that the networks are to have at the end, at a learning rate that does not change; `nil` for `epochs`.
  package var steps: Int?
  /// A file that an earlier training has saved, to go on from.
  package var resume: String?
  /// A file for what is needed to go on.
  package var save: String?
  /// Whether to evaluate the test images as well.
  package var evaluatesTest = false
  /// Whether to explain the options and stop.
  package var wantsHelp = false

  /// The defaults.
  package init() {}

  /// Reads arguments, without the program's name.
  ///
  /// - Throws: `OptionError` for the first mistake.
  package init(_ arguments: [String]) throws(OptionError) {
    var reader = try OptionReader(arguments, flags: ["test", "help"])
    width = try reader.integer("width", in: 1...4_096) ?? width
    depth = try reader.integer("depth", in: 0...16) ?? depth
    learningRate = try reader.number("learning-rate", "a number above 0") { $0 > 0 } ?? learningRate
    batch = try reader.integer("batch", in: 1...4_096) ?? batch
    rule = try Optimizer.Rule(reading: &reader)
    weightDecay = try reader.number("weight-decay", "a number from 0") { $0 >= 0 } ?? weightDecay
    dropout = try reader.share("dropout") ?? dropout
    epochs = try reader.integer("epochs", in: 1...10_000) ?? epochs
    repeats = try reader.integer("repeats", in: 1...1_000) ?? repeats
    seed = try reader.integer("seed", in: 0...UInt64.max) ?? seed
    split = try reader.integer("split", in: 0...UInt64.max) ?? split
    data = try reader.text("data")
    steps = try reader.integer("steps", in: 1...1_000_000_000)
    resume = try reader.text("resume")
    save = try reader.text("save")
    if steps == nil, let name = resume != nil ? "resume" : save != nil ? "save" : nil {
      throw .inapplicable(name, to: "a training by epochs; add --steps")
    }
    evaluatesTest = reader.flag("test")
    wantsHelp = reader.flag("help")
    try reader.finish()
  }

  /// What `--help` prints.
  package static let help = """
    Trains a perceptron on handwritten digits and prints its loss and error on the validation images.

    usage: DigitsPerceptron [--option value …]
      --width N          units in each hidden layer (32)
      --depth N          hidden layers (1)
      --learning-rate X  the length of the first step; it falls in a straight line to 0 (0.1)
      --batch N          images per step (64)
      --optimizer NAME   sgd or adam (sgd)
      --momentum X       sgd: the share of its velocity that it keeps (0)
      --beta2 X          adam: what its mean square gradient keeps of the past (0.999)
      --weight-decay X   decoupled from the gradient, times the learning rate (1e-6)
      --dropout X        the share of hidden units left out while learning (0)
      --epochs N         passes over the training images (10)
      --steps N          in place of epochs: steps that the networks have at the end, at a constant learning rate
      --resume FILE      with --steps: go on from what an earlier part has saved
      --save FILE        with --steps: save what the next part goes on from
      --repeats N        networks to train, whose mean loss and error count (3)
      --seed N           for weights, order and dropout (1)
      --split N          for the division into training, validation and test images (1)
      --data FILE        64 pixels and a digit per line, in place of the digits built in
      --test             evaluate on the test images too, on standard error
      --help             this text
    """
}

extension Optimizer.Rule {
  fileprivate init(reading reader: inout OptionReader) throws(OptionError) {
    let name = try reader.text("optimizer") ?? "sgd"
    let momentum = try reader.share("momentum")
    let beta2 = try reader.share("beta2")
    switch name {
    case "sgd":
      if beta2 != nil { throw .inapplicable("beta2", to: "sgd") }
      self = .sgd(momentum: momentum ?? 0)
    case "adam":
      if momentum != nil { throw .inapplicable("momentum", to: "adam") }
      self = .adam(beta2: beta2 ?? 0.999)
    default: throw .invalid("optimizer", name, allowed: "sgd or adam")
    }
  }
}

extension OptionReader {
  /// A share of something, below the whole.
  fileprivate mutating func share(_ name: String) throws(OptionError) -> Double? {
    try number(name, "a number from 0 to below 1") { (0..<1).contains($0) }
  }
}
