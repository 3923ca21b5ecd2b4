import Foundation
import TuningModel

extension OracleCourse {
  private static var version: Int { 1 }

  private struct Kept: Codable {
    var version: Int
    var state: Machine.State
    var incumbent: OracleIncumbent?
  }

  var snapshot: JSONValue {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let kept = Kept(version: Self.version, state: machine.state, incumbent: incumbent)
    // All parts are plain values and every number has a form, so this cannot fail; a snapshot may be missing anyway.
    guard let data = try? encoder.encode(kept), let json = try? JSONValue(text: data) else { return .null }
    return json
  }

  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let kept = try? decoder.decode(Kept.self, from: Data(snapshot.bytes)), kept.version == Self.version,
      kept.state.isSound(theta.dimension), kept.state.book.isSound(theta.dimension)
    else {
      throw InvalidInput([InputMistake(pointer: "", detail: "Is of another version or space.", kind: .form)])
    }
    machine.state = kept.state
    incumbent = kept.incumbent
  }
}
