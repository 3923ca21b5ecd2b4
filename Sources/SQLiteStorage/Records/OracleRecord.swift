import TuningModel

extension Measurement {
  /// What is kept of an oracle's answer, with what was made of it; `nil` where there was none.
  var oracleRecord: JSONValue? {
    oracle.map { .object(omittingNil: ["oracle": $0.json, "interval": interval?.json]) }
  }

  /// Takes up what was kept of an oracle's answer, where there is any.
  ///
  /// - Returns: whether it could be read.
  mutating func takeOracle(record: JSONValue) -> Bool {
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
