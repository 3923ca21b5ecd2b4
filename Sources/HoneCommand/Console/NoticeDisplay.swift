package import Foundation
package import TuningModel

/// The entries of a study's log as people read them, a line each, with a mark where a result is the best so far.
package struct NoticeDisplay: Sendable {
  private let objective: Objective?
  private var best: Double?
  private let zone: TimeZone

  /// Shows the log of a study.
  ///
  /// - Parameters:
  ///   - definition: the study; results are compared where it has one objective and no outcome constraint.
  ///   - best: the best result before the first entry; `nil` where there is none.
  ///   - zone: the time zone of the times.
  package init(_ definition: StudyDefinition, best: Trial?, zone: TimeZone = .current) {
    let isComparable = definition.objectives.count == 1 && definition.outcomeConstraints.isEmpty
    objective = isComparable ? definition.objectives.first : nil
    self.zone = zone
    self.best = objective.flatMap { objective in best?.measurement?.metrics[objective.metric] }
  }

  /// The line of the next entry.
  package mutating func line(_ notice: StudyNotice) -> String {
    let details = notice.details
    var parts: [String] = []
    func add(_ fields: JSONValue?) {
      guard case .object(let values)? = fields, !values.isEmpty else { return }
      parts.append(values.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" }.joined(separator: " "))
    }
    if case .number(let step)? = details["step"], notice.kind == "reported" { parts.append("step \(Int(step))") }
    let metrics = details["metrics"] ?? details["measurement"]?["metrics"]
    add(metrics)
    add(details["parameters"])
    for key in ["state", "reason"] {
      if case .string(let text)? = details[key] { parts.append(text) }
    }
    if case .object(let decision)? = details["decision"], case .string(let action)? = decision["action"],
      action != "continue"
    {
      parts.append("→ \(action)")
    }
    if case .string(let worker)? = details["worker"] { parts.append("(\(worker))") }
    if notice.kind == "completed", isBest(metrics) { parts.append("best so far") }
    let trial = notice.trial.map { "trial \($0)" } ?? "study"
    let text = "\(time(notice.at))  \(Self.padded(trial, 10))  \(Self.padded(notice.kind, 10))  "
    return (text + parts.joined(separator: "  ")).onOneLine(atMost: 500).trimmed + "\n"
  }

  private mutating func isBest(_ metrics: JSONValue?) -> Bool {
    guard let objective, case .number(let value)? = metrics?[objective.metric] else { return false }
    if let best, objective.cost(of: value) >= objective.cost(of: best) { return false }
    best = value
    return true
  }

  private func time(_ time: Timestamp) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
    let parts = calendar.dateComponents([.hour, .minute, .second], from: date)
    return String(format: "%02d:%02d:%02d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .number(let number): NumberText.short(number)
    case .string(let text): text
    default: value.text
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
