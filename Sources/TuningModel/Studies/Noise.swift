/// What is known of the noise in a study's metrics.
public enum Noise: Hashable, Sendable {
  /// Learned from the measurements.
  case auto
  /// The same parameters always give the same metrics.
  case none
  /// Normal, with this standard deviation in the metric's units.
  case fixed(Double)

  init?(reading reader: JSONReader) {
    switch reader.value {
    case .string("auto"): self = .auto
    case .string("none"): self = .none
    case .number(let deviation) where deviation > 0: self = .fixed(deviation)
    default:
      reader.refuse("Must be \"auto\", \"none\" or a standard deviation above 0.")
      return nil
    }
  }

  /// The noise as JSON.
  public var json: JSONValue {
    switch self {
    case .auto: "auto"
    case .none: "none"
    case .fixed(let deviation): .number(deviation)
    }
  }
}
