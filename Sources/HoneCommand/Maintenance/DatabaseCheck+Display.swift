import SQLiteStorage
import StudyOperations
import TuningModel

extension DatabaseCheck {
  /// What was read, then what was found.
  var text: String {
    var text = ""
    if !studies.isEmpty {
      var table = Table(["STUDY", "EVENTS", "TRIALS", "RESULT"])
      for study in studies {
        let own = findings.filter { $0.study == study.name }
        let verdict = own.contains { $0.severity == .failure } ? "damaged" : own.isEmpty ? "ok" : "warning"
        table.add([study.name, "\(study.events)", "\(study.trials)", verdict])
      }
      text += table.text
    }
    for finding in findings {
      text += "\(finding.severity.rawValue): " + (finding.study.map { "study \"\($0)\": " } ?? "") + finding.text + "\n"
    }
    return text + "\(path): schema \(schema), \(isSound ? "sound" : "DAMAGED")\n"
  }

  var json: JSONValue {
    [
      "database": .string(path), "schema": .integer(schema), "sound": .bool(isSound),
      "studies": .array(
        studies.map { ["name": .string($0.name), "events": .integer($0.events), "trials": .integer($0.trials)] }),
      "findings": .array(
        findings.map {
          .object(omittingNil: [
            "severity": .string($0.severity.rawValue), "study": $0.study.map(JSONValue.string),
            "text": .string($0.text),
          ])
        }),
    ]
  }
}
