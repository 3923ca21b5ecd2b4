/// The arguments that are left, and the options taken out of them.
struct Arguments {
  private(set) var rest: [String]

  init(_ arguments: [String]) { rest = arguments }

  /// Takes an option and its value.
  mutating func option(_ name: String) -> String? {
    guard let index = rest.firstIndex(of: name), rest.indices.contains(index + 1) else { return nil }
    defer { rest.removeSubrange(index...index + 1) }
    return rest[index + 1]
  }

  mutating func integer(_ name: String, _ otherwise: Int) -> Int { option(name).flatMap { Int($0) } ?? otherwise }

  mutating func numbers(_ name: String) -> [Double]? {
    option(name)?.split(separator: ",").compactMap { Double($0) }
  }

  /// Seeds as `1-10`.
  mutating func seeds() -> ClosedRange<UInt64> {
    let ends = (option("--seeds") ?? "1-10").split(separator: "-").compactMap { UInt64($0) }
    return ends[0]...ends[ends.count - 1]
  }

  /// All of `--option NAME=VALUE`.
  mutating func settings() -> [String: Double] {
    var found: [String: Double] = [:]
    while let text = option("--option") {
      let parts = text.split(separator: "=")
      found[String(parts[0])] = Double(parts[1])
    }
    return found
  }
}
