import Foundation
package import TuningModel

/// The importance of parameters as people read it.
package struct ImportanceDisplay {
  private let report: ImportanceReport

  /// Shows a report.
  package init(_ report: ImportanceReport) { self.report = report }

  /// What the model is worth, in a sentence.
  package var basis: String {
    var text = "\(report.metric), \(report.trials) trials"
    if report.share < 1 { text += ", differences among the best \(Self.percent(report.share))" }
    guard let explained = report.explained else { return text + "; all values are the same, so nothing is important" }
    text += "; explained \(explained > 0 ? Self.percent(explained) : "nothing")"
    return explained < 0.2 ? text + ", so the shares say little" : text
  }

  /// A line on what it rests on, a table of parameters and one of interactions.
  package var text: String {
    var table = Table(["PARAMETER", "ALONE", "ERROR", "TOTAL"])
    for effect in report.parameters {
      table.add([
        effect.parameters.joined(), Self.percent(effect.importance), "±" + Self.percent(effect.standardError),
        Self.percent(effect.total),
      ])
    }
    var text = basis + "\n" + table.text
    if !report.interactions.isEmpty {
      var table = Table(["INTERACTION", "SHARE", "ERROR"])
      for effect in report.interactions {
        table.add([
          effect.parameters.joined(separator: " × "), Self.percent(effect.importance),
          "±" + Self.percent(effect.standardError),
        ])
      }
      text += "\n" + table.text
    }
    return text
  }

  /// A share of 1 in hundredths.
  package static func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }
}
