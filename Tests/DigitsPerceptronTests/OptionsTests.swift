import DigitsPerceptron
import Testing

@Suite("The command line")
struct OptionsTests {
  @Test("Without arguments every option has its default")
  func defaults() throws {
    #expect(try Options([]) == Options())
  }

  @Test("Each option sets its field, with a space or an equals sign")
  func everyOption() throws {
    var expected = Options()
    expected.width = 100
    expected.depth = 3
    expected.learningRate = 0.02
    expected.batch = 128
    expected.rule = .adam(beta2: 0.95)
    expected.weightDecay = 1e-4
    expected.dropout = 0.25
    expected.epochs = 7
    expected.repeats = 5
    expected.seed = 18_446_744_073_709_551_615
    expected.split = 9
    expected.data = "my digits.csv"
    expected.evaluatesTest = true
    let arguments = [
      "--width", "100", "--depth=3", "--learning-rate", "2e-2", "--batch", "128", "--optimizer", "adam", "--beta2",
      "0.95", "--weight-decay", "0.0001", "--dropout=0.25", "--test", "--epochs", "7", "--repeats", "5", "--seed",
      "18446744073709551615", "--split", "9", "--data", "my digits.csv",
    ]
    #expect(try Options(arguments) == expected)
  }

  @Test("Momentum belongs to sgd")
  func momentum() throws {
    #expect(try Options(["--momentum", "0.5"]).rule == .sgd(momentum: 0.5))
  }

  @Test(
    "A command line that makes no sense is refused with the reason",
    arguments: [
      (["--widht", "3"], OptionError.unknown("widht")),
      (["--verbose"], .unknown("verbose")),
      (["width"], .notAnOption("width")),
      (["--"], .notAnOption("--")),
      (["--width"], .missingValue("width")),
      (["--width", "--depth", "2"], .missingValue("width")),
      (["--seed", "1", "--seed=1"], .repeated("seed")),
      (["--test", "--test"], .repeated("test")),
      (["--test=no"], .invalid("test", "no", allowed: "without a value")),
      (["--width", "0"], .invalid("width", "0", allowed: "a whole number from 1 to 4096")),
      (["--width", "3.5"], .invalid("width", "3.5", allowed: "a whole number from 1 to 4096")),
      (["--learning-rate", "0"], .invalid("learning-rate", "0", allowed: "a number above 0")),
      (["--learning-rate", "inf"], .invalid("learning-rate", "inf", allowed: "a number above 0")),
      (["--weight-decay", "-1"], .invalid("weight-decay", "-1", allowed: "a number from 0")),
      (["--dropout", "1"], .invalid("dropout", "1", allowed: "a number from 0 to below 1")),
      (["--optimizer", "lion"], .invalid("optimizer", "lion", allowed: "sgd or adam")),
      (["--optimizer", "adam", "--momentum", "0.5"], .inapplicable("momentum", to: "adam")),
      (["--beta2", "0.99"], .inapplicable("beta2", to: "sgd")),
    ])
  func mistakes(arguments: [String], error: OptionError) {
    #expect(throws: error) { try Options(arguments) }
  }
}
