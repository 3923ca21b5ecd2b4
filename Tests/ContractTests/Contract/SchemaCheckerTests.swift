import Testing
import TuningModel

@Suite("The checker of schemas")
struct SchemaCheckerTests {
  let checker = SchemaChecker(
    contract: ContractDocument(root: ["components": ["schemas": ["Name": ["type": "string", "pattern": "^[a-z]+$"]]]]))

  static let cases: [(JSONValue, JSONValue, Bool)] = [
    (1, ["type": "integer"], true), (1.5, ["type": "integer"], false), (1.5, ["type": "number"], true),
    ("a", ["type": "number"], false), (true, ["type": "boolean"], true), (1, ["type": "boolean"], false),
    ("a", ["enum": ["a", "b"]], true), ("c", ["enum": ["a", "b"]], false),
    (1, ["minimum": 1], true), (0, ["minimum": 1], false), (2, ["maximum": 1], false),
    (0, ["exclusiveMinimum": 0], false), (0.1, ["exclusiveMinimum": 0], true),
    ("ab", ["maxLength": 1], false), ("", ["minLength": 1], false), ([], ["minItems": 1], false),
    ([1, 2], ["maxItems": 1], false), ([:], ["minProperties": 1], false),
    (["a": 1, "b": 2], ["maxProperties": 1], false),
    ("abc", ["$ref": "#/components/schemas/Name"], true), ("Abc", ["$ref": "#/components/schemas/Name"], false),
    ([:], ["required": ["a"]], false), (["a": 1], ["required": ["a"]], true),
    (["a": 1], ["dependentRequired": ["a": ["b"]]], false), (["b": 1], ["dependentRequired": ["a": ["b"]]], true),
    (["abc": 1], ["propertyNames": ["pattern": "^[a-z]+$"]], true),
    (["ABC": 1], ["propertyNames": ["pattern": "^[a-z]+$"]], false),
    (["a": "x"], ["properties": ["a": ["type": "integer"]]], false),
    (["a": 1, "b": 2], ["properties": ["a": ["type": "integer"]], "additionalProperties": false], false),
    (["b": "x"], ["additionalProperties": ["type": "integer"]], false),
    ([1, "x"], ["items": ["type": "integer"]], false), ([1, 2], ["items": ["type": "integer"]], true),
    (1, ["oneOf": [["type": "integer"], ["type": "number"]]], false),
    (1.5, ["oneOf": [["type": "integer"], ["type": "number"]]], true),
    (1, ["anyOf": [["type": "integer"], ["type": "number"]]], true), ("x", ["anyOf": [["type": "integer"]]], false),
    (1, ["allOf": [["minimum": 0], ["maximum": 0]]], false), (1, ["const": 1], false),
  ]

  @Test("A value is judged by its schema", arguments: cases)
  func judges(value: JSONValue, schema: JSONValue, isSound: Bool) {
    #expect(checker.mistakes(value, schema).isEmpty == isSound)
  }
}
