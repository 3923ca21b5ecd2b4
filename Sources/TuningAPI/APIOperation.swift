/// One operation of the contract: a method on a path.
///
/// The server routes by this list and the client calls by it; a test holds it to openapi.yaml.
public struct APIOperation: Hashable, Sendable {
  /// The name in the contract.
  public let id: String
  /// The method, in capitals.
  public let method: String
  /// The path, with `{name}` for a segment that varies.
  public let path: String

  init(_ id: String, _ method: String, _ path: String) {
    self.id = id
    self.method = method
    self.path = path
  }

  /// Creates a study.
  public static let createStudy = APIOperation("createStudy", "POST", "/v1/studies")
  /// Lists studies.
  public static let listStudies = APIOperation("listStudies", "GET", "/v1/studies")
  /// Reads a study.
  public static let getStudy = APIOperation("getStudy", "GET", "/v1/studies/{study}")
  /// Changes a study's state, budget or labels.
  public static let updateStudy = APIOperation("updateStudy", "PATCH", "/v1/studies/{study}")
  /// Deletes a study.
  public static let deleteStudy = APIOperation("deleteStudy", "DELETE", "/v1/studies/{study}")
  /// Hands out trials.
  public static let ask = APIOperation("ask", "POST", "/v1/studies/{study}/ask")
  /// Takes several final results.
  public static let tellMany = APIOperation("tellMany", "POST", "/v1/studies/{study}/tell")
  /// Adds trials.
  public static let enqueue = APIOperation("enqueue", "POST", "/v1/studies/{study}/enqueue")
  /// Lists a study's trials.
  public static let listTrials = APIOperation("listTrials", "GET", "/v1/studies/{study}/trials")
  /// Reads a trial.
  public static let getTrial = APIOperation("getTrial", "GET", "/v1/studies/{study}/trials/{number}")
  /// Corrects how a finished trial ended.
  public static let correctTrial = APIOperation("correctTrial", "PATCH", "/v1/studies/{study}/trials/{number}")
  /// Takes a trial out of what its study goes by.
  public static let excludeTrial = APIOperation("excludeTrial", "DELETE", "/v1/studies/{study}/trials/{number}")
  /// Takes an intermediate measurement.
  public static let report = APIOperation("report", "POST", "/v1/studies/{study}/trials/{number}/report")
  /// Takes a trial's final result.
  public static let tell = APIOperation("tell", "POST", "/v1/studies/{study}/trials/{number}/tell")
  /// Extends a lease.
  public static let heartbeat = APIOperation("heartbeat", "POST", "/v1/studies/{study}/trials/{number}/heartbeat")
  /// Gives a trial back.
  public static let requeue = APIOperation("requeue", "POST", "/v1/studies/{study}/trials/{number}/requeue")
  /// Reads the best trial.
  public static let getBest = APIOperation("getBest", "GET", "/v1/studies/{study}/best")
  /// Lists the trials that no other one is better than.
  public static let getPareto = APIOperation("getPareto", "GET", "/v1/studies/{study}/pareto")
  /// Reads how the best value came about.
  public static let getHistory = APIOperation("getHistory", "GET", "/v1/studies/{study}/history")
  /// Reads how important parameters are.
  public static let getImportance = APIOperation("getImportance", "GET", "/v1/studies/{study}/importance")
  /// Reads the values that led to the best trial.
  public static let getSchedule = APIOperation("getSchedule", "GET", "/v1/studies/{study}/schedule")
  /// Lists the checkpoints that trials left.
  public static let listCheckpoints = APIOperation("listCheckpoints", "GET", "/v1/studies/{study}/checkpoints")
  /// Notes that checkpoints were deleted.
  public static let noteDeletedCheckpoints = APIOperation(
    "noteDeletedCheckpoints", "POST", "/v1/studies/{study}/checkpoints")
  /// Predicts the objective at given points.
  public static let predict = APIOperation("predict", "POST", "/v1/studies/{study}/predict")
  /// Follows a study's log.
  public static let watchStudy = APIOperation("watchStudy", "GET", "/v1/studies/{study}/events")
  /// Lists the tuners that the server offers.
  public static let listTuners = APIOperation("listTuners", "GET", "/v1/tuners")
  /// Makes an access token.
  public static let createToken = APIOperation("createToken", "POST", "/v1/tokens")
  /// Lists access tokens.
  public static let listTokens = APIOperation("listTokens", "GET", "/v1/tokens")
  /// Ends an access token.
  public static let revokeToken = APIOperation("revokeToken", "DELETE", "/v1/tokens/{token}")
  /// Lists what was done and by whom.
  public static let listAudit = APIOperation("listAudit", "GET", "/v1/audit")
  /// Says whether the process is alive.
  public static let getHealth = APIOperation("getHealth", "GET", "/healthz")
  /// Says whether the server takes requests.
  public static let getReadiness = APIOperation("getReadiness", "GET", "/readyz")
  /// Reads what the server counts about itself.
  public static let getMetrics = APIOperation("getMetrics", "GET", "/metrics")
  /// Reads the contract itself.
  public static let getContract = APIOperation("getContract", "GET", "/openapi.yaml")

  /// All operations.
  public static let all: [APIOperation] = [
    createStudy, listStudies, getStudy, updateStudy, deleteStudy, ask, tellMany, enqueue, listTrials, getTrial,
    correctTrial, excludeTrial, report, tell, heartbeat, requeue, getBest, getPareto, getHistory,
    getImportance, getSchedule, listCheckpoints, noteDeletedCheckpoints, predict, listTuners, watchStudy, createToken,
    listTokens, revokeToken,
    listAudit, getHealth, getReadiness, getMetrics, getContract,
  ]

  /// Whether its answers are kept under an `Idempotency-Key`.
  ///
  /// A heartbeat and a prediction change nothing that is stored, and what is deleted stays so; repeating them is harmless. The secret of an access token
  /// is kept nowhere, so neither is the answer that holds it.
  public var isKept: Bool {
    method != "GET" && ![.heartbeat, .predict, .noteDeletedCheckpoints, .createToken, .revokeToken].contains(self)
  }

  /// The segments of the path; those that vary are in braces.
  public var segments: [Substring] { path.split(separator: "/") }

  /// The path with its varying segments filled in, in their order, percent-encoded.
  public func path(_ values: String...) -> String {
    var values = values[...]
    return segments.map { segment in
      "/" + (segment.hasPrefix("{") ? Self.encoded(values.popFirst() ?? "") : String(segment))
    }.joined()
  }

  /// Percent-encodes everything but the unreserved characters of RFC 3986.
  public static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
