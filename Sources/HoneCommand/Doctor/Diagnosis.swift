import TuningModel

/// One thing that was looked at.
struct Diagnosis: Hashable, Sendable {
  /// How it is.
  enum Verdict: String, Hashable, Sendable {
    case ok
    /// Hone works, but perhaps not as expected.
    case warn
    /// Hone does not work so.
    case fail
  }

  var verdict: Verdict
  var subject: String
  /// What was found.
  var text: String
  /// What to do about it.
  var advice: String?

  init(_ verdict: Verdict, _ subject: String, _ text: String, advice: String? = nil) {
    self.verdict = verdict
    self.subject = subject
    self.text = text
    self.advice = advice
  }

  /// One that is `worse` under a condition, and then comes with advice.
  init(_ subject: String, _ text: String, _ worse: Verdict, if condition: Bool, advice: String) {
    self.init(condition ? worse : .ok, subject, text, advice: condition ? advice : nil)
  }

  var json: JSONValue {
    .object(omittingNil: [
      "verdict": .string(verdict.rawValue), "subject": .string(subject), "text": .string(text),
      "advice": advice.map(JSONValue.string),
    ])
  }

  /// Lines for people.
  var line: String {
    let mark = verdict.rawValue + String(repeating: " ", count: 6 - verdict.rawValue.count)
    let name = subject + String(repeating: " ", count: max(1, 14 - subject.count))
    return mark + name + text.onOneLine(atMost: 400) + "\n"
      + (advice.map { String(repeating: " ", count: 20) + "→ \($0)\n" } ?? "")
  }
}
