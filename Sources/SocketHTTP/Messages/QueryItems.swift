/// The decoded `name=value` pairs of a query, in order.
public struct QueryItems: Sendable, Hashable {
  /// One pair; the value of a name without `=` is empty.
  public struct Item: Sendable, Hashable {
    /// What stands before the first `=`, decoded.
    public let name: String
    /// What stands after it, decoded.
    public let value: String
  }

  /// All pairs in order.
  public let items: [Item]

  /// Decodes what follows `?`: pairs are separated by `&`, `+` is a space.
  init(_ bytes: ArraySlice<UInt8>) throws(HTTPError) {
    var items: [Item] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "="))
      let name = try PercentEncoding.decode(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true)
      let value = try PercentEncoding.decode(equals.map { pair[($0 + 1)...] } ?? [], plusIsSpace: true)
      items.append(Item(name: name, value: value))
    }
    self.items = items
  }

  /// The first value under a name.
  public subscript(name: String) -> String? {
    items.first { $0.name == name }?.value
  }

  /// All values under a name, in order.
  public func values(of name: String) -> [String] {
    items.filter { $0.name == name }.map(\.value)
  }
}
