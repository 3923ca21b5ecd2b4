package import TuningModel

/// When parameters take part, read off the points where they did.
///
/// A program that asks for a parameter only in some branches leaves no more of its branches than this. A parameter depends
/// on another where that one is there more often, and its values alone say whether the first is.
package struct InferredConditions: Sendable {
  /// The conditions by parameter.
  package private(set) var conditions: [String: Condition] = [:]
  /// The parameters that some points lack, and for which there is no such other.
  package private(set) var unexplained: [String] = []

  /// A parent with more values than this would make a condition that nobody reads.
  private static let mostLevels = 1_000

  /// Reads conditions off points.
  ///
  /// - Parameters:
  ///   - parameters: the names and domains, in the order in which they are asked for.
  ///   - points: complete points.
  package init(_ parameters: [(name: String, domain: Domain)], in points: [Parameters]) {
    var counts: [String: Int] = [:]
    for point in points { for name in point.keys { counts[name, default: 0] += 1 } }
    for (name, _) in parameters {
      guard let count = counts[name], count < points.count else { continue }
      let found = parameters.compactMap { parent -> (isChoice: Bool, values: [ParameterValue], name: String)? in
        guard parent.name != name, counts[parent.name] ?? 0 > count,
          let values = Self.values(of: parent.name, parent.domain, with: name, in: points)
        else { return nil }
        if case .categorical = parent.domain { return (true, values, parent.name) }
        return (false, values, parent.name)
      }
      // Choices open branches more often than numbers do; of equal ones the first that was asked for.
      if let parent = found.first(where: \.isChoice) ?? found.first {
        conditions[name] = Condition(parent.name, isOneOf: parent.values)
      } else {
        unexplained.append(name)
      }
    }
  }

  /// The values of a parent with which the parameter is there; `nil` where they do not tell.
  private static func values(
    of parent: String, _ domain: Domain, with name: String, in points: [Parameters]
  ) -> [ParameterValue]? {
    guard let levels = domain.levelCount, levels <= mostLevels else { return nil }
    if case .float = domain { return nil }
    var (present, absent): (Set<Int>, Set<Int>) = ([], [])
    for point in points {
      let level = point[parent].flatMap(domain.level)
      if point[name] != nil {
        guard let level else { return nil }
        present.insert(level)
      } else if let level {
        absent.insert(level)
      }
    }
    guard let lowest = present.min(), let highest = present.max(), present.isDisjoint(with: absent) else { return nil }
    var kept = Array(present)
    if case .int = domain {
      // Numbers of layers and the like: what no point has seen lies on one side of what all have.
      if let most = absent.max(), most < lowest { kept = Array(lowest..<levels) }
      if let least = absent.min(), least > highest { kept = Array(0...highest) }
    }
    return kept.sorted().map(domain.value(atLevel:))
  }
}
