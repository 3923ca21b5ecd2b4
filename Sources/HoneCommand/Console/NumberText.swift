import Foundation

/// Numbers as a person reads them.
package enum NumberText {
  /// Six significant digits, which is more than tuning can tell apart.
  package static func short(_ value: Double) -> String { String(format: "%.6g", value) }

  /// At most four significant digits, for the ticks of axes; exponents without zeros: 1e-5.
  package static func tick(_ value: Double) -> String {
    String(format: "%.4g", value).replacing("e-0", with: "e-").replacing("e+0", with: "e").replacing("e+", with: "e")
  }

  /// Hours, minutes and seconds: 59s, 4m05s, 1h02m05s.
  package static func duration(_ duration: Duration) -> String {
    let seconds = Int(duration.components.seconds)
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
    if hours > 0 { return String(format: "%dh%02dm%02ds", hours, minutes, rest) }
    return minutes > 0 ? String(format: "%dm%02ds", minutes, rest) : "\(rest)s"
  }
}
