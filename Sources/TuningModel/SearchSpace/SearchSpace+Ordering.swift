extension SearchSpace {
  /// The order of parameters with parents before their children, otherwise the user's; `nil` after noting a cycle.
  ///
  /// - Precondition: every parent that a condition names is a parameter.
  /// - Complexity: linear in the number of parameters and conditions.
  /// - Source: Kahn 1962, "Topological sorting of large networks".
  static func parentsFirst(
    _ parameters: [Placed<Parameter>], _ position: [String: Int], _ mistakes: MistakeList
  ) -> [Int]? {
    let parents = parameters.map { placed in
      (placed.part.condition?.values.keys).map { $0.compactMap { position[$0] } } ?? []
    }
    var children = [[Int]](repeating: [], count: parameters.count)
    for (index, parents) in parents.enumerated() {
      for parent in parents { children[parent].append(index) }
    }
    var missing = parents.map(\.count)
    var order = parameters.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for child in children[order[next]] {
        missing[child] -= 1
        if missing[child] == 0 { order.append(child) }
      }
      next += 1
    }
    if order.count == parameters.count { return order }
    for index in parameters.indices where missing[index] > 0 {
      let name = parameters[index].part.name
      mistakes.add(
        InputMistake(
          pointer: parameters[index].pointer + "/when",
          detail: "Can never be decided: the conditions of \"\(name)\" lead back to themselves."))
    }
    return nil
  }
}
