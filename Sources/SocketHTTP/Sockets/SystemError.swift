import Glibc

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the call.
  public let call: String
  /// Its errno.
  public let code: Int32

  /// Notes the current errno.
  init(_ call: String) {
    self.init(call, code: errno)
  }

  init(_ call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// The call and what its errno means.
  public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
