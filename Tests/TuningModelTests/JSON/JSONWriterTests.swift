import Foundation
import Testing
import TuningModel

@Suite("Writing JSON")
struct JSONWriterTests {
  private func expected(_ value: JSONValue, _ formatting: JSONEncoder.OutputFormatting = []) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func string(using random: inout some RandomNumberGenerator) -> String {
    let scalars: [ClosedRange<UInt32>] = [
      0...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x2FFF, 0x1F600...0x1F64F,
    ]
    return (0..<Int.random(in: 0...6, using: &random)).reduce(into: "") { text, _ in
      let range = scalars.randomElement(using: &random) ?? 0x20...0x7F
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.unicodeScalars.append(scalar) }
    }
  }

  private func value(depth: Int, using random: inout some RandomNumberGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .number(Double(bitPattern: .random(in: .min ... .max, using: &random)))
    case 3: return .number(Double.random(in: -10...10, using: &random).rounded())
    case 4: return .number(Double.random(in: -1e17...1e17, using: &random).rounded())
    case 5: return .string(string(using: &random))
    case 6:
      return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
    default:
      let fields = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (string(using: &random), value(depth: depth - 1, using: &random))
      }
      return .object(Dictionary(fields) { $1 })
    }
  }

  @Test("The text is that of Foundation's encoder, compact and indented")
  func sameAsFoundation() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let value = value(depth: 3, using: &random)
      #expect(value.text == (try expected(value)))
      #expect(value.prettyText == (try expected(value, .prettyPrinted)))
    }
  }

  @Test(
    "Numbers are written so that reading gives them again",
    arguments: [
      0, -0.0, 1, -1, 0.1, 1e15, 0x1p53, -0x1p53, 0x1p53 - 1, 1e16, 1e22, 1e-7, 1e99, -1e99, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .ulpOfOne, 123_456.789,
    ])
  func numbers(_ number: Double) throws {
    let value = JSONValue.number(number)
    #expect(value.text == (try expected(value)))
    guard case .number(let read) = try JSONValue(text: value.text) else { return #expect(Bool(false), "\(value.text)") }
    #expect(read.bitPattern == number.bitPattern)
  }

  @Test("A long value is written in time that grows with its length, not with its square", .timeLimit(.minutes(1)))
  func long() throws {
    let value = JSONValue.array((0..<200_000).map { .number(Double($0) + 0.1) })
    #expect(value.bytes.count > 1_000_000)
  }
}
