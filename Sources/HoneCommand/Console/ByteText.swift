/// Sizes for people.
package enum ByteText {
  /// The size with a unit of at most three digits before it, such as 1.5 MiB.
  package static func text(_ bytes: Int) -> String {
    var (size, unit) = (Double(bytes), 0)
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    while size >= 1_024 && unit < units.count - 1 {
      size /= 1_024
      unit += 1
    }
    let rounded = (size * 10).rounded() / 10
    return unit == 0 || rounded == rounded.rounded() ? "\(Int(rounded)) \(units[unit])" : "\(rounded) \(units[unit])"
  }
}
