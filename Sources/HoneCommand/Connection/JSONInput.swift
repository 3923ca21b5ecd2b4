import Foundation
import TuningModel

/// JSON that an argument gives: in a file, on standard input, or itself.
struct JSONInput: Sendable {
  private let argument: String

  /// Takes an argument; what begins like an object or an array is JSON itself.
  init(_ argument: String) { self.argument = argument }

  private var isText: Bool { ["{", "["].contains(argument.trimmingPrefix(while: \.isWhitespace).first) }

  /// What to call it in messages.
  var name: String { isText ? "the argument" : argument == "-" ? "standard input" : argument }

  /// Reads it.
  ///
  /// - Throws: `CommandFailure` where it cannot be read, or is not JSON.
  func read() throws(CommandFailure) -> JSONValue {
    let text: Data
    do {
      if isText {
        text = Data(argument.utf8)
      } else {
        let handle = try argument == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: argument))
        text = try handle.readToEnd() ?? Data()
      }
    } catch {
      throw CommandFailure(.notFound, "\(name) cannot be read: \(error.localizedDescription)")
    }
    do throws(JSONSyntaxError) {
      return try JSONValue(text: text)
    } catch {
      throw CommandFailure(.usage, "\(name) is not JSON: \(error.detail)")
    }
  }
}
