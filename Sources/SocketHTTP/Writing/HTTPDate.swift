import Glibc

/// The Date field: IMF-fixdate (RFC 9110, section 5.6.7), made anew once per second.
package struct HTTPDate {
  private var second: time_t?
  private var text: [UInt8] = []

  /// Starts with nothing cached.
  package init() {}

  /// The current date and time.
  package mutating func now() -> [UInt8] {
    let current = time(nil)
    if current != second {
      second = current
      text = Array(Self.format(current).utf8)
    }
    return text
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` for a number of seconds since 1970.
  package static func format(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900)"
    let clock = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
    return "\(days[Int(parts.tm_wday)]), \(date) \(clock) GMT"
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
