/// Elements that wait in order of arrival; what has left is let go of at once.
struct Line<Element> {
  private var elements: [Element?] = []
  private var head = 0

  /// How many wait.
  var count: Int { elements.count - head }

  /// Whether nothing waits.
  var isEmpty: Bool { count == 0 }

  /// Places an element at the end.
  mutating func append(_ element: Element) { elements.append(element) }

  /// Takes the first element.
  mutating func popFirst() -> Element? {
    if isEmpty { return nil }
    let first = elements[head]
    elements[head] = nil
    head += 1
    if head > 64, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return first
  }

  /// Takes the first element that meets a condition.
  mutating func remove(where condition: (Element) -> Bool) -> Element? {
    guard let index = elements.indices.dropFirst(head).first(where: { elements[$0].map(condition) ?? false }) else {
      return nil
    }
    return elements.remove(at: index)
  }
}
