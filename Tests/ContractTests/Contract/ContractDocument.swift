import Foundation
import Testing
import TuningAPI
import TuningModel
import Yams

/// openapi.yaml, read.
struct ContractDocument: Sendable {
  let root: JSONValue

  /// The file at the top of the repository.
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("openapi.yaml")

  static let shared: ContractDocument = {
    do {
      let text = try String(contentsOf: path, encoding: .utf8)
      return ContractDocument(root: try JSONValue(yaml: try Yams.load(yaml: text)))
    } catch {
      // Every test of the contract then fails on an empty document.
      return ContractDocument(root: .object(["unreadable": .string("\(error)")]))
    }
  }()

  struct Operation: Sendable {
    var id: String
    var method: String
    var path: String
    var json: JSONValue

    /// The response of a status.
    func response(_ status: Int) -> JSONValue? { json["responses"]?["\(status)"] }

    var statuses: [Int] { (json["responses"]?.fields ?? [:]).keys.compactMap { Int($0) }.sorted() }
  }

  /// All operations.
  var operations: [Operation] {
    (root["paths"]?.fields ?? [:]).sorted { $0.key < $1.key }.flatMap { path, item in
      ["get", "put", "post", "patch", "delete", "head", "options"].compactMap { method in
        (item.fields ?? [:])[method].map {
          Operation(id: $0["operationId"]?.string ?? "", method: method.uppercased(), path: path, json: $0)
        }
      }
    }
  }

  func operation(_ operation: APIOperation) -> Operation? { operations.first { $0.id == operation.id } }

  /// The part that a `$ref` names, or the value itself.
  func resolved(_ value: JSONValue) -> JSONValue {
    guard case .string(let reference)? = value["$ref"], reference.hasPrefix("#/") else { return value }
    var part = root
    for key in reference.dropFirst(2).split(separator: "/") { part = part[String(key)] ?? .null }
    return resolved(part)
  }

  /// A schema by name.
  func schema(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

  /// Every media type object of requests and responses, with the names of its schema and where it stands.
  var contents: [Content] {
    operations.flatMap { operation in
      let request = operation.json["requestBody"].map { [("request", $0)] } ?? []
      let responses = operation.statuses.map { ("\($0)", resolved(operation.response($0) ?? .null)) }
      return (request + responses).flatMap { place, part in
        (part["content"]?.fields ?? [:]).map { type, media in
          Content(
            place: "\(operation.id) \(place)", isRequest: place == "request", mediaType: type,
            schema: media["schema"] ?? .null, examples: (media["examples"]?.fields ?? [:]).mapValues { resolved($0) })
        }
      }
    }
  }

  struct Content: Sendable, CustomTestStringConvertible {
    var place: String
    var isRequest: Bool
    var mediaType: String
    var schema: JSONValue
    var examples: [String: JSONValue]

    var schemaName: String { schema["$ref"]?.string?.split(separator: "/").last.map(String.init) ?? "" }
    var testDescription: String { place }
  }

  /// The first example of an operation's request.
  func sampleBody(of operation: APIOperation) -> JSONValue? {
    let content = contents.first { $0.place == "\(operation.id) request" }
    return content?.examples.min { $0.key < $1.key }?.value["value"]
  }
}

extension JSONValue {
  /// What Yams loads.
  init(yaml: Any?) throws {
    switch yaml {
    case nil, is NSNull: self = .null
    case let value as Bool: self = .bool(value)
    case let value as Int: self = .integer(value)
    case let value as Double: self = .number(value)
    case let value as String: self = .string(value)
    case let value as [Any]: self = .array(try value.map { try JSONValue(yaml: $0) })
    case let value as [String: Any]: self = .object(try value.mapValues { try JSONValue(yaml: $0) })
    case let value?: throw UnexpectedYAML(description: "\(type(of: value)): \(value)")
    }
  }

  /// The fields of an object.
  var fields: [String: JSONValue]? {
    if case .object(let fields) = self { fields } else { nil }
  }

  /// The elements of an array.
  var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// A string.
  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A number.
  var double: Double? {
    if case .number(let number) = self { number } else { nil }
  }
}

struct UnexpectedYAML: Error, CustomStringConvertible { var description: String }
