/// The parameters of a study with the conditions and constraints among them.
///
/// A space that exists is sound: creating one checks everything and lists every mistake.
public struct SearchSpace: Hashable, Sendable {
  /// The parameters, in the user's order.
  public let parameters: [Parameter]
  /// Linear inequalities that every trial satisfies.
  public let constraints: [LinearConstraint]
  /// The positions in `parameters`, parents before their children, otherwise in the user's order.
  public let parentsFirst: [Int]
  /// The position in `parameters` by name.
  public let position: [String: Int]
  /// A feasible point of the encoded space, found when the space was created; empty without constraints.
  let anchor: [Double]

  /// Creates a space.
  ///
  /// - Parameters:
  ///   - parameters: in the order in which they are to be shown.
  ///   - constraints: what points must satisfy besides.
  /// - Throws: `InvalidInput` with every mistake: empty ranges, unknown parents, cycles, contradictory constraints …; they
  ///   are at `/parameters/0`, `/parameter_constraints/0` and so on.
  public init(_ parameters: [Parameter], constraints: [LinearConstraint] = []) throws(InvalidInput) {
    let mistakes = MistakeList()
    let numbered = parameters.enumerated().map { Placed("/parameters/\($0)", $1) }
    let numberedConstraints = constraints.enumerated().map { Placed("/parameter_constraints/\($0)", $1) }
    guard let space = SearchSpace(numbered, numberedConstraints, noting: mistakes) else {
      throw InvalidInput(mistakes.all)
    }
    self = space
  }

  /// A part of a space and where it stands in the input.
  struct Placed<Part> {
    var pointer: String
    var part: Part

    init(_ pointer: String, _ part: Part) {
      self.pointer = pointer
      self.part = part
    }
  }

  /// Checks the parts and puts them together; `nil` after noting why not.
  init?(_ parameters: [Placed<Parameter>], _ constraints: [Placed<LinearConstraint>], noting mistakes: MistakeList) {
    guard let order = Self.check(parameters, constraints, noting: mistakes), mistakes.all.isEmpty else { return nil }
    let position = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.part.name, $0) })
    self.position = position
    self.parameters = parameters.map(\.part).map { parameter in
      var canonical = parameter
      canonical.defaultValue = parameter.defaultValue.flatMap(parameter.domain.canonical)
      for (parent, allowed) in parameter.condition?.values ?? [:] {
        guard let index = position[parent] else { continue }
        canonical.condition?.values[parent] = allowed.compactMap(parameters[index].part.domain.canonical)
      }
      return canonical
    }
    self.constraints = constraints.map(\.part)
    parentsFirst = order
    let draft = SearchSpace(
      parameters: self.parameters, constraints: self.constraints, parentsFirst: order, position: position, anchor: [])
    var search = FeasiblePointSearch(FeasibleRegion(UnitCubeEncoding(draft)))
    switch search.run() {
    case .found(let point): anchor = point
    case .none(let detail):
      mistakes.add(
        InputMistake(
          pointer: constraints.count == 1 ? constraints[0].pointer : "/parameter_constraints",
          detail: detail))
      return nil
    }
    if let point = defaultPoint {
      for constraint in constraints where !constraint.part.isSatisfied(by: point) {
        mistakes.add(
          InputMistake(
            pointer: constraint.pointer,
            detail: "The default point violates it; parameters without a default stand at their centre."))
      }
      if !mistakes.all.isEmpty { return nil }
    }
  }

  private init(
    parameters: [Parameter], constraints: [LinearConstraint], parentsFirst: [Int], position: [String: Int],
    anchor: [Double]
  ) {
    self.parameters = parameters
    self.constraints = constraints
    self.parentsFirst = parentsFirst
    self.position = position
    self.anchor = anchor
  }

  /// The number of coordinates d of the encoded space: one for each parameter, of a vector one for each component.
  public var dimension: Int { parameters.reduce(0) { $0 + $1.domain.slotCount } }

  /// The parameter of that name.
  public subscript(name: String) -> Parameter? { position[name].map { parameters[$0] } }

  /// The names of the parameters that take part, given values for all of those (and perhaps more).
  public func activeNames(for values: Parameters) -> Set<String> {
    var active: Parameters = [:]
    for index in parentsFirst {
      let parameter = parameters[index]
      if parameter.condition?.holds(for: active) ?? true, let value = values[parameter.name] {
        active[parameter.name] = value
      }
    }
    return Set(active.keys)
  }

  /// Whether the parameters satisfy every constraint that applies.
  public func satisfiesConstraints(_ values: Parameters) -> Bool {
    constraints.allSatisfy { $0.isSatisfied(by: values) }
  }

  /// The user's default point, completed by the centres of the parameters without a default; `nil` when no
  /// parameter has one.
  public var defaultPoint: Parameters? {
    parameters.contains { $0.defaultValue != nil } ? centre(preferringDefaults: true) : nil
  }

  /// The centre of every domain on its own scale, of unordered values the first; it may violate constraints.
  public var centre: Parameters { centre(preferringDefaults: false) }

  private func centre(preferringDefaults: Bool) -> Parameters {
    var values: Parameters = [:]
    for index in parentsFirst {
      let parameter = parameters[index]
      guard parameter.condition?.holds(for: values) ?? true else { continue }
      values[parameter.name] = (preferringDefaults ? parameter.defaultValue : nil) ?? parameter.domain.centre
    }
    return values
  }
}

extension Domain {
  /// The middle of the domain on its own scale; of unordered values the first.
  var centre: ParameterValue {
    switch self {
    case .float(let domain):
      let scalar = domain.component(at: 0.5, Slot.Kind(component: domain))
      if let size = domain.size { return .vector(Array(repeating: scalar, count: size)) }
      return .float(scalar)
    case .int(let domain): return .int(Int(Slot.Kind(domain).value(at: 0.5)))
    case .bool: return .bool(false)
    case .categorical(let values): return values[0]
    case .ordinal(let values): return values[(values.count - 1) / 2]
    }
  }
}
