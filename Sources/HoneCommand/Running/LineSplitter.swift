import Foundation

/// Cuts a stream of bytes into lines, holding no more than one line of limited length.
package struct LineSplitter {
  /// One line without its line break.
  package struct Line: Hashable, Sendable {
    /// Its bytes, at most as many as the limit.
    package var bytes: [UInt8]
    /// Whether the rest of the line was dropped.
    package var isCut: Bool

    /// Creates a line.
    package init(bytes: [UInt8], isCut: Bool = false) {
      self.bytes = bytes
      self.isCut = isCut
    }
  }

  private let limit: Int
  private let prefix: [UInt8]
  private var partial: [UInt8] = []
  private var isCut = false
  private var hasPartial = false

  /// Creates a splitter that keeps at most `limit` bytes of a line and drops lines without the prefix.
  package init(limit: Int = 65_536, prefix: String = "") {
    self.limit = limit
    self.prefix = Array(prefix.utf8)
  }

  /// Takes in the next bytes and hands on every line that they complete.
  package mutating func take(_ chunk: UnsafeRawBufferPointer, _ body: (Line) -> Void) {
    var rest = chunk
    while let start = rest.baseAddress, let lineBreak = memchr(start, 0x0A, rest.count) {
      let length = UnsafeRawPointer(lineBreak) - start
      let line = UnsafeRawBufferPointer(start: start, count: length)
      // Most lines of most programs are of no interest, so they are dropped before anything is copied.
      if hasPartial || hasPrefix(line) {
        keep(line)
        complete(body)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
    }
    if !rest.isEmpty { keep(rest) }
  }

  /// Hands on a last line that has no line break.
  package mutating func finish(_ body: (Line) -> Void) {
    if hasPartial { complete(body) }
  }

  private func hasPrefix(_ line: UnsafeRawBufferPointer) -> Bool {
    if prefix.isEmpty { return true }
    guard line.count >= prefix.count, let start = line.baseAddress else { return false }
    return memcmp(start, prefix, prefix.count) == 0
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    hasPartial = true
    let kept = bytes.prefix(limit - partial.count)
    partial.append(contentsOf: kept)
    if kept.count < bytes.count { isCut = true }
  }

  private mutating func complete(_ body: (Line) -> Void) {
    if !isCut, partial.last == UInt8(ascii: "\r") { partial.removeLast() }
    if partial.starts(with: prefix) { body(Line(bytes: partial, isCut: isCut)) }
    partial.removeAll(keepingCapacity: true)
    (isCut, hasPartial) = (false, false)
  }
}
