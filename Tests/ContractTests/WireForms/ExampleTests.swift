import Testing
import TuningAPI
import TuningModel

@Suite("Wire forms against the contract's examples")
struct ExampleTests {
  static let forms: [String: any WireForm.Type] = [
    "StudyDefinition": StudyDefinition.self, "Study": StudySummary.self, "StudyPage": Page<ListedStudy>.self,
    "StudyPatch": StudyPatch.self, "AskRequest": AskRequest.self, "AskAnswer": AskAnswer.self, "Trial": Trial.self,
    "LeasedTrial": LeasedTrial.self, "TrialPage": Page<Trial>.self, "TellRequest": TrialResult.self,
    "ReportRequest": ReportRequest.self, "ReportAnswer": ReportAnswer.self,
    "HeartbeatRequest": HeartbeatRequest.self, "RequeueRequest": RequeueRequest.self, "BestAnswer": BestAnswer.self,
    "TellManyRequest": TellManyRequest.self, "TrialList": TrialList.self, "EnqueueRequest": EnqueueRequest.self,
    "TrialCorrection": TrialCorrectionRequest.self, "IncumbentHistory": IncumbentHistory.self,
    "ImportanceReport": ImportanceReport.self,
    "PredictRequest": PredictRequest.self, "Predictions": Predictions.self,
    "AccessTokenRequest": AccessTokenRequest.self, "IssuedToken": IssuedToken.self,
    "AccessTokenPage": Page<AccessToken>.self, "AuditPage": Page<AuditEntry>.self,
    "ParameterSchedule": ScheduleAnswer.self, "CheckpointPage": Page<KnownCheckpoint>.self,
    "DeletedCheckpoints": DeletedCheckpoints.self,
    "TunerList": TunerList.self, "ServerStatus": ServerStatus.self, "Problem": Problem.self,
  ]

  static let contents = ContractDocument.shared.contents.filter { $0.mediaType.hasSuffix("json") }

  private static func again(_ form: any WireForm.Type, _ text: [UInt8], isRequest: Bool) throws -> String {
    func read<Form: WireForm>(_: Form.Type) throws -> String {
      (isRequest ? try Form(request: text) : try Form(answer: text)).json.text
    }
    return try read(form)
  }

  @Test("Every example is read and written again as it was", arguments: contents)
  func roundTrip(_ content: ContractDocument.Content) throws {
    let form = try #require(Self.forms[content.schemaName], "\(content.schemaName) has no wire form")
    for (name, example) in content.examples {
      let value = try #require(example["value"])
      #expect(try Self.again(form, value.bytes, isRequest: content.isRequest) == value.text, "example \(name)")
    }
  }

  @Test("A request with an unknown field is refused with a pointer to it", arguments: contents.filter(\.isRequest))
  func strictRequests(_ content: ContractDocument.Content) throws {
    let form = try #require(Self.forms[content.schemaName])
    for example in content.examples.values {
      var fields = try #require(example["value"]?.fields)
      fields["surprise"] = 1
      let error = #expect(throws: StudyError.self) {
        _ = try Self.again(form, JSONValue.object(fields).bytes, isRequest: true)
      }
      #expect(error?.code == .malformed)
      #expect(error?.mistakes.map(\.pointer) == ["/surprise"])
    }
  }

  @Test("What a newer server adds to its answers is ignored", arguments: contents.filter { !$0.isRequest })
  func tolerantAnswers(_ content: ContractDocument.Content) throws {
    let form = try #require(Self.forms[content.schemaName])
    for example in content.examples.values {
      let value = try #require(example["value"])
      #expect(try Self.again(form, Self.grown(value, content.schema).bytes, isRequest: false) == value.text)
    }
  }

  /// The value with one field more in every object whose fields are fixed.
  private static func grown(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
    let schema = ContractDocument.shared.resolved(schema)
    switch value {
    case .object(let fields):
      let parts = ([schema] + (schema["allOf"]?.elements ?? []).map(ContractDocument.shared.resolved))
      let properties = parts.reduce(into: [String: JSONValue]()) { $0.merge($1["properties"]?.fields ?? [:]) { $1 } }
      if properties.isEmpty || schema["additionalProperties"] == true { return value }
      var grown = fields.reduce(into: [String: JSONValue]()) { result, field in
        result[field.key] = properties[field.key].map { Self.grown(field.value, $0) } ?? field.value
      }
      grown["surprise"] = ["from": "the future"]
      return .object(grown)
    case .array(let elements):
      return .array(elements.map { Self.grown($0, schema["items"] ?? .null) })
    default: return value
    }
  }
}
