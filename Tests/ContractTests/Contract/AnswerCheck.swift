import TuningAPI
import TuningModel

/// Holds one answer to what the contract says of its operation and status.
struct AnswerCheck {
  let call: HTTPCall
  let answer: HTTPAnswer
  var contract = ContractDocument.shared

  /// The operation that the request is for.
  var operation: ContractDocument.Operation? {
    let path = call.target.prefix { $0 != "?" }.split(separator: "/")
    return contract.operations.first { operation in
      let template = operation.path.split(separator: "/")
      return operation.method == call.method && template.count == path.count
        && zip(template, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
  }

  var mistakes: [String] {
    var mistakes: [String] = []
    if answer["X-Request-Id"] == nil { mistakes.append("has no X-Request-Id") }
    guard call.method != "HEAD" else { return mistakes }
    guard let operation, let documented = operation.response(answer.status) else {
      return mistakes + transportMistakes
    }
    let response = contract.resolved(documented)
    for (name, header) in response["headers"]?.fields ?? [:] {
      let header = contract.resolved(header)
      if let value = answer[name] {
        mistakes += SchemaChecker(contract: contract).mistakes(.string(value), header["schema"] ?? .null, at: name)
      } else if header["required"] == true {
        mistakes.append("has no \(name)")
      }
    }
    return mistakes + bodyMistakes(response["content"]?.fields ?? [:])
  }

  private func bodyMistakes(_ content: [String: JSONValue]) -> [String] {
    if content.isEmpty { return answer.body.isEmpty ? [] : ["has a body"] }
    guard let type = answer["Content-Type"], let media = content[type] else {
      return ["has the type \(answer["Content-Type"] ?? "none"), not one of \(content.keys.sorted())"]
    }
    let schema = media["schema"] ?? .null
    if !type.hasSuffix("json") {
      return SchemaChecker(contract: contract).mistakes(.string(answer.text), schema)
    }
    guard let json = try? answer.json else { return ["is not JSON: \(answer.text.prefix(200))"] }
    var mistakes = SchemaChecker(contract: contract).mistakes(json, schema)
    if type == Problem.mediaType { mistakes += problemMistakes(json) }
    return mistakes
  }

  /// What no operation answers, the list of answers that may come before any must name, by status and code.
  private var transportMistakes: [String] {
    guard let json = try? answer.json, answer["Content-Type"] == Problem.mediaType else {
      return ["is not documented and no problem document"]
    }
    let isListed = (contract.root["x-transport-answers"]?.elements ?? []).contains {
      $0["status"] == .integer(answer.status) && $0["code"] == json["code"]
    }
    let retry = answer.status == 429 && Int(answer["Retry-After"] ?? "") == nil
    return (isListed ? [] : ["is not documented"]) + (retry ? ["has no Retry-After"] : [])
      + SchemaChecker(contract: contract).mistakes(json, contract.schema("Problem")) + problemMistakes(json)
  }

  private func problemMistakes(_ json: JSONValue) -> [String] {
    (json["status"] == .integer(answer.status) ? [] : ["has another status in its body"])
      + (json["request_id"]?.string == answer["X-Request-Id"] ? [] : ["has another request id in its body"])
  }
}
