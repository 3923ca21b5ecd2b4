import HoneCommand
import Testing

struct MetricArgumentTests {
  @Test(
    "A metric and its value are read",
    arguments: [("loss=0.31", 0.31), ("loss=-1e-3", -0.001), ("loss=inf", .infinity)] as [(String, Double)])
  func values(text: String, value: Double) throws {
    let argument = try MetricArgument(text)
    #expect(argument.name == "loss")
    #expect(argument.value == value)
  }

  @Test("Anything else is refused", arguments: ["loss", "loss=", "=1", "loss=low", "loss=1 2"])
  func refused(text: String) {
    #expect(throws: (any Error).self) { try MetricArgument(text) }
  }
}
