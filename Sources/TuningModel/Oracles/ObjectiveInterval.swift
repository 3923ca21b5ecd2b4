/// Where the objective lies, judged by an oracle's answer and its accuracy.
public struct ObjectiveInterval: Hashable, Sendable, Codable {
  /// The ends.
  public var low, up: Double
  /// What it rests on.
  public var certification: Certification

  /// What a statement on an objective rests on.
  public enum Certification: String, Hashable, Sendable, Codable, CaseIterable {
    /// Bounds of the loss and of its gradient hold, given the constants that were declared.
    case certified
    /// Bounds of the loss hold; the gradient's error is not known.
    case monotone
    /// A constant is missing, so the bounds leave something out.
    case heuristic
  }

  /// Creates an interval.
  public init(low: Double, up: Double, certification: Certification) {
    (self.low, self.up, self.certification) = (low, up, certification)
  }
}

extension ObjectiveInterval {
  /// Reads an interval; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let low = object.required("low")?.extendedNumber()
    let up = object.required("up")?.extendedNumber()
    let level = object.required("certification")
    let certification = level?.string().flatMap(Certification.init(rawValue:))
    if level != nil, certification == nil { level?.refuse("Is no level of certification.") }
    object.finish()
    guard let low, let up, let certification else { return nil }
    self.init(low: low, up: up, certification: certification)
  }

  /// The interval as JSON.
  public var json: JSONValue {
    ["low": .number(low), "up": .number(up), "certification": .string(certification.rawValue)]
  }
}
