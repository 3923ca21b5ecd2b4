import Foundation

/// A text that the kernel makes when it is read.
package enum SystemFile {
  /// The whole text; empty where it cannot be read.
  ///
  /// Such files have no size beforehand and come in pieces, so they are read to their end.
  package static func text(_ path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    var bytes = Data()
    while let piece = try? file.read(upToCount: 65_536), !piece.isEmpty { bytes += piece }
    return String(decoding: bytes, as: UTF8.self)
  }
}
