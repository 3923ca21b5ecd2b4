extension SearchSpace {
  /// Reads the fields `parameters` and `parameter_constraints` of an object, noting every mistake.
  init?(reading object: JSONObjectReader) {
    var parameters: [Placed<Parameter>] = []
    for reader in object.required("parameters")?.array() ?? [] {
      if let parameter = Parameter(reading: reader) { parameters.append(Placed(reader.pointer, parameter)) }
    }
    let names = Set(parameters.map(\.part.name))
    var constraints: [Placed<LinearConstraint>] = []
    // One more than allowed is enough to be told so.
    for reader in object.optional("parameter_constraints")?.array()?.prefix(Self.maximumConstraints + 1) ?? [] {
      guard let text = reader.string() else { continue }
      do throws(LinearConstraint.ParsingError) {
        constraints.append(Placed(reader.pointer, try LinearConstraint(parsing: text, names: names)))
      } catch {
        reader.refuse(error.detail)
      }
    }
    self.init(parameters, constraints, noting: object.mistakes)
  }

  /// The fields `parameters` and `parameter_constraints`, the latter only where there are any.
  var fields: [String: JSONValue] {
    var fields: [String: JSONValue] = ["parameters": .array(parameters.map(\.json))]
    if !constraints.isEmpty { fields["parameter_constraints"] = .array(constraints.map { .string($0.text) }) }
    return fields
  }

  /// Reads parameter values: each must belong to the space and be active, and none may be missing.
  ///
  /// - Returns: the values in canonical form, or `nil` after noting every mistake.
  public func values(reading reader: JSONReader) -> Parameters? {
    guard let entries = reader.entries() else { return nil }
    let before = reader.mistakes.all.count
    var values: Parameters = [:]
    for (name, reader) in entries {
      guard let parameter = self[name] else {
        reader.refuse("There is no parameter \"\(name)\" in this study.")
        continue
      }
      values[name] = parameter.domain.value(reading: reader)
    }
    guard reader.mistakes.all.count == before else { return nil }
    let active = activeNames(for: values)
    for (name, reader) in entries where !active.contains(name) {
      reader.refuse("Is inactive here, so it must be absent.")
    }
    let present = values.filter { active.contains($0.key) }
    for index in parentsFirst {
      let parameter = parameters[index]
      guard values[parameter.name] == nil,
        parameter.condition?.holds(for: present) ?? true
      else { continue }
      reader.mistakes.add(
        InputMistake(pointer: jsonPointer(reader.pointer, parameter.name), detail: "Is missing.", kind: .meaning))
    }
    guard reader.mistakes.all.count == before else { return nil }
    for constraint in constraints where !constraint.isSatisfied(by: values) {
      reader.refuse("Violates the constraint \(constraint.text).")
    }
    return reader.mistakes.all.count == before ? values : nil
  }

  /// Reads parameter values that were stored before.
  ///
  /// - Throws: `InvalidInput` when they are not of this space.
  public func values(_ json: JSONValue) throws(InvalidInput) -> Parameters {
    try JSONReader.read(json) { values(reading: $0) }
  }
}
