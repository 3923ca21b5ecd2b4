extension FeasibleRegion {
  /// Reads values of some of the parameters: the part of the region that has them.
  ///
  /// A conditional parameter can be fixed where what it depends on is fixed too, so that it is active at every point.
  /// - Returns: `nil` after noting every mistake: unknown names, values outside their domains, parameters that are inactive
  ///   or may be, and values that leave no feasible point.
  public func fixing(reading reader: JSONReader) -> FeasibleRegion? {
    guard let entries = reader.entries() else { return nil }
    let before = reader.mistakes.all.count
    let space = encoding.space
    var values: Parameters = [:]
    for (name, reader) in entries {
      guard let parameter = space[name] else {
        reader.refuse("There is no parameter \"\(name)\" in this study.")
        continue
      }
      values[name] = parameter.domain.value(reading: reader)
    }
    guard reader.mistakes.all.count == before else { return nil }
    let active = space.activeNames(for: values)
    for (name, reader) in entries where !active.contains(name) {
      let parents = space[name]?.condition?.values.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ") ?? ""
      reader.refuse("Takes part only with certain values of \(parents): fix them so that it does, or leave it out.")
    }
    guard reader.mistakes.all.count == before else { return nil }
    return fixing(values, noting: reader)
  }

  /// The part of the region that has some values, each of its parameter's domain and active at every point of the part.
  ///
  /// - Throws: `InvalidInput` when that cannot be.
  public func fixing(_ values: Parameters) throws(InvalidInput) -> FeasibleRegion {
    values.isEmpty ? self : try JSONReader.read(values.json) { fixing(reading: $0) }
  }

  private func fixing(_ values: Parameters, noting reader: JSONReader) -> FeasibleRegion? {
    let part = FeasibleRegion(encoding, fixed: values, anchor: [])
    var search = FeasiblePointSearch(part)
    switch search.run() {
    case .found(let point): return FeasibleRegion(encoding, fixed: values, anchor: point)
    case .none(let detail):
      reader.refuse(detail)
      return nil
    }
  }
}
