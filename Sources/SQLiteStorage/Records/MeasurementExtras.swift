import TuningModel

extension Measurement {
  /// What is kept beside the metrics, in the column `oracle`: an oracle's answer with what was made of it, and a
  /// checkpoint; `nil` where there was neither.
  var extrasRecord: JSONValue? {
    if oracle == nil && checkpoint == nil { return nil }
    return .object(omittingNil: [
      "oracle": oracle?.json, "interval": interval?.json, "checkpoint": checkpoint.map(JSONValue.string),
    ])
  }

  /// Takes up what was kept beside the metrics, where there is anything.
  ///
  /// - Returns: whether it could be read.
  mutating func takeExtras(record: JSONValue) -> Bool {
    if let stored = record["checkpoint"] {
      guard let checkpoint = stored.string else { return false }
      self.checkpoint = checkpoint
    }
    do throws(InvalidInput) {
      oracle = try record["oracle"].map { stored throws(InvalidInput) in
        try JSONReader.read(stored) { OracleAnswer(reading: $0) }
      }
      interval = try record["interval"].map { stored throws(InvalidInput) in
        try JSONReader.read(stored) { ObjectiveInterval(reading: $0) }
      }
      return true
    } catch {
      return false
    }
  }
}

extension OracleRequest {
  /// Reads a request that was stored.
  ///
  /// - Throws: `storage_failed` naming what cannot be read.
  init(stored json: JSONValue, _ what: String) throws(StudyError) {
    guard let request = try? JSONReader.read(json, { OracleRequest(reading: $0) }) else { throw .unreadable(what) }
    self = request
  }
}

extension Resume {
  /// Reads a part of a member's training that was stored.
  ///
  /// - Throws: `storage_failed` naming what cannot be read.
  init(stored json: JSONValue, _ what: String) throws(StudyError) {
    guard let resume = try? JSONReader.read(json, { Resume(reading: $0) }) else { throw .unreadable(what) }
    self = resume
  }
}
