/// The last bytes of a stream of any length.
package struct TailBuffer {
  private let capacity: Int
  private var bytes: [UInt8] = []
  private var isCut = false

  /// Creates a buffer for the last `capacity` bytes.
  package init(capacity: Int) { self.capacity = capacity }

  /// Takes in the next bytes.
  package mutating func take(_ chunk: UnsafeRawBufferPointer) {
    if chunk.count >= capacity {
      isCut = isCut || !bytes.isEmpty || chunk.count > capacity
      bytes = Array(chunk.suffix(capacity))
      return
    }
    bytes.append(contentsOf: chunk)
    // Twice the room, so that dropping what is too old costs nothing on average.
    if bytes.count > 2 * capacity { trim() }
  }

  private mutating func trim() {
    guard bytes.count > capacity else { return }
    bytes.removeFirst(bytes.count - capacity)
    isCut = true
  }

  /// What was kept, as text; where the beginning was dropped, from the first whole line on.
  package var text: String {
    var copy = self
    copy.trim()
    var kept = copy.bytes[...]
    if copy.isCut, let lineBreak = kept.firstIndex(of: UInt8(ascii: "\n")), lineBreak + 1 < kept.endIndex {
      kept = kept[(lineBreak + 1)...]
    }
    let text = String(decoding: kept, as: UTF8.self)
    return String(text[..<(text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex)])
  }
}
