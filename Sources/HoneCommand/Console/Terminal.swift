import Foundation

/// One of the process's standard streams, written at once and without a buffer.
struct Terminal: Sendable {
  let descriptor: Int32

  /// Standard output: data only.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Standard error: everything that is not data.
  static let errors = Terminal(descriptor: STDERR_FILENO)

  /// Whether a person is looking.
  var isInteractive: Bool { isatty(descriptor) == 1 }

  /// The number of columns; 80 where nobody says.
  var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of the text; a reader that has gone away is not an error.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Foundation.write(descriptor, start, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, 1_000)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

/// Ends the process.
func exitProcess(_ status: ExitStatus) -> Never { exitProcess(status.rawValue) }

/// Ends the process at once.
///
/// A suggestion may still be computed ahead of time, and must not find libraries that have been taken down.
func exitProcess(_ code: Int32) -> Never {
  fflush(nil)
  _exit(code)
}
