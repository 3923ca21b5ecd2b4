import Foundation
import TuningModel

/// Checks values against the part of JSON Schema that the contract uses; a keyword that it does not know is a mistake.
struct SchemaChecker: Sendable {
  let contract: ContractDocument

  /// The keywords that it knows.
  static let keywords: Set<String> = [
    "description", "default", "example", "format", "discriminator", "$ref", "type", "enum", "minimum", "maximum",
    "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "pattern",
    "required", "dependentRequired", "properties", "propertyNames", "additionalProperties", "items", "allOf", "oneOf",
    "anyOf",
  ]

  /// What is wrong with a value, each with where; empty where nothing is.
  func mistakes(_ value: JSONValue, _ schema: JSONValue, at pointer: String = "") -> [String] {
    guard let keywords = schema.fields else { return ["\(pointer): there is no schema"] }
    var mistakes: [String] = []
    for (keyword, argument) in keywords.sorted(by: { $0.key < $1.key }) {
      mistakes += check(value, keyword, argument, keywords, pointer)
    }
    return mistakes
  }

  private func check(
    _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: [String: JSONValue], _ pointer: String
  ) -> [String] {
    func unless(_ condition: Bool) -> [String] {
      condition ? [] : ["\(pointer): \(value.text.prefix(120)) violates \(keyword) \(argument.text.prefix(120))"]
    }
    switch keyword {
    case "description", "default", "example", "format", "discriminator": return []
    case "$ref": return mistakes(value, contract.resolved(.object(["$ref": argument])), at: pointer)
    case "type": return unless(Self.isOf(type: argument.string ?? "", value))
    case "enum": return unless((argument.elements ?? []).contains(value))
    case "minimum": return unless(value.double.map { $0 >= argument.double ?? .nan } ?? true)
    case "maximum": return unless(value.double.map { $0 <= argument.double ?? .nan } ?? true)
    case "exclusiveMinimum": return unless(value.double.map { $0 > argument.double ?? .nan } ?? true)
    case "minLength":
      return unless(value.string.map { Double($0.unicodeScalars.count) >= argument.double ?? .nan } ?? true)
    case "maxLength":
      return unless(value.string.map { Double($0.unicodeScalars.count) <= argument.double ?? .nan } ?? true)
    case "minItems": return unless(value.elements.map { Double($0.count) >= argument.double ?? .nan } ?? true)
    case "maxItems": return unless(value.elements.map { Double($0.count) <= argument.double ?? .nan } ?? true)
    case "minProperties": return unless(value.fields.map { Double($0.count) >= argument.double ?? .nan } ?? true)
    case "maxProperties": return unless(value.fields.map { Double($0.count) <= argument.double ?? .nan } ?? true)
    case "pattern": return unless(value.string.map { Self.matches($0, argument.string ?? "") } ?? true)
    case "required":
      guard let fields = value.fields else { return [] }
      return (argument.elements ?? []).compactMap(\.string).filter { fields[$0] == nil }
        .map { "\(pointer)/\($0): is missing" }
    case "dependentRequired":
      guard let fields = value.fields else { return [] }
      return (argument.fields ?? [:]).filter { fields[$0.key] != nil }
        .flatMap { ($0.value.elements ?? []).compactMap(\.string) }.filter { fields[$0] == nil }
        .map { "\(pointer)/\($0): is missing" }
    case "propertyNames":
      return (value.fields ?? [:]).keys.flatMap { mistakes(.string($0), argument, at: "\(pointer)/\($0)") }
    case "properties":
      return (value.fields ?? [:]).flatMap { name, part in
        argument[name].map { mistakes(part, $0, at: "\(pointer)/\(name)") } ?? []
      }
    case "additionalProperties":
      let named = schema["properties"]?.fields ?? [:]
      return (value.fields ?? [:]).filter { named[$0.key] == nil }.flatMap { name, part in
        switch argument {
        case .bool(let allowed): allowed ? [] : ["\(pointer)/\(name): is not in the schema"]
        default: mistakes(part, argument, at: "\(pointer)/\(name)")
        }
      }
    case "items":
      return (value.elements ?? []).enumerated().flatMap { mistakes($1, argument, at: "\(pointer)/\($0)") }
    case "allOf":
      return (argument.elements ?? []).flatMap { mistakes(value, $0, at: pointer) }
    case "oneOf", "anyOf":
      let outcomes = (argument.elements ?? []).map { mistakes(value, $0, at: pointer) }
      let matching = outcomes.filter(\.isEmpty).count
      if keyword == "oneOf" ? matching == 1 : matching >= 1 { return [] }
      return ["\(pointer): matches \(matching) of \(keyword): \(outcomes.joined().joined(separator: "; "))"]
    default: return ["\(pointer): the checker does not know the keyword \(keyword)"]
    }
  }

  private static func isOf(type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("number", .number),
      ("null", .null):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
    return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }
}
