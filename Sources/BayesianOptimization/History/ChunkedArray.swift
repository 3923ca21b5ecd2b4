/// An array in chunks: to change one that shares its storage with a copy, one chunk is copied rather than all.
///
/// A tuner is copied for each computation in the background and goes on observing meanwhile, so its history would else be
/// copied with almost every result. Chunks are not let go of, since histories only grow.
package struct ChunkedArray<Element> {
  private static var chunkSize: Int { 512 }

  private var chunks: [[Element]] = []

  /// The number of elements.
  package private(set) var count = 0

  /// Creates an empty array.
  package init() {}

  /// Adds an element at the end.
  package mutating func append(_ element: Element) {
    if count.isMultiple(of: Self.chunkSize) { chunks.append([]) }
    chunks[chunks.count - 1].append(element)
    count += 1
  }
}

extension ChunkedArray: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(position: Int) -> Element {
    get { chunks[position / Self.chunkSize][position % Self.chunkSize] }
    _modify { yield &chunks[position / Self.chunkSize][position % Self.chunkSize] }
  }
}

extension ChunkedArray: Sendable where Element: Sendable {}
extension ChunkedArray: Equatable where Element: Equatable {}
extension ChunkedArray: Hashable where Element: Hashable {}
