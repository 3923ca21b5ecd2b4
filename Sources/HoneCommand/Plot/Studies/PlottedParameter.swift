package import TuningModel

/// One coordinate of the space as plots see it: a scalar parameter, or one component of a vector.
package struct PlottedParameter: Sendable {
  /// The parameter's name, with the component's index.
  package let name: String
  /// Its range on its own scale, or its values as categories.
  package let axis: Axis
  /// The parameter that it belongs to, and the component.
  package let parameter: Parameter
  private let component: Int?

  /// All coordinates of a space in their order.
  package static func all(of space: SearchSpace) -> [PlottedParameter] {
    space.parameters.flatMap { parameter -> [PlottedParameter] in
      guard case .float(let domain) = parameter.domain, let size = domain.size else {
        return [PlottedParameter(parameter, nil)]
      }
      return (0..<size).map { PlottedParameter(parameter, $0) }
    }
  }

  private init(_ parameter: Parameter, _ component: Int?) {
    self.parameter = parameter
    self.component = component
    name = parameter.name + (component.map { "[\($0)]" } ?? "")
    var axis =
      switch parameter.domain {
      case .float(let domain): Axis(domain.low, domain.high, isLogarithmic: domain.scale == .log)
      case .int(let domain):
        Axis(Double(domain.low), Double(domain.high), isLogarithmic: domain.scale == .log)
      case .bool: Axis(["false", "true"])
      case .ordinal(let values), .categorical(let values): Axis(values.map(\.description))
      }
    if case .int = parameter.domain { axis.isWhole = true }
    axis.label = name
    self.axis = axis
  }

  /// Where parameters stand on the axis; `nil` where this one is inactive.
  package func position(of parameters: Parameters) -> Double? {
    guard let value = parameters[parameter.name] else { return nil }
    switch (parameter.domain, value) {
    case (.float, .vector(let numbers)): return component.flatMap { numbers.indices.contains($0) ? numbers[$0] : nil }
    case (.float, _), (.int, _): return value.number
    case (.bool, _), (.ordinal, _), (.categorical, _): return parameter.domain.level(of: value).map(Double.init)
    }
  }

  /// The parameter with the coordinate at a place of the axis, or near it where the domain has steps.
  ///
  /// - Parameter parameters: what the other components are taken from.
  func value(at place: Double, within parameters: Parameters) -> ParameterValue? {
    switch parameter.domain {
    case .float(let domain):
      var number = place
      if let step = domain.step { number = domain.low + ((place - domain.low) / step).rounded() * step }
      number = min(max(number, domain.low), domain.high)
      guard let component else { return parameter.domain.canonical(.float(number)) }
      guard case .vector(var numbers)? = parameters[parameter.name], numbers.indices.contains(component) else {
        return nil
      }
      numbers[component] = number
      return parameter.domain.canonical(.vector(numbers))
    case .int(let domain):
      let level = ((place - Double(domain.low)) / Double(domain.step)).rounded()
      let last = Double((domain.high - domain.low) / domain.step)
      return .int(domain.low + Int(min(max(level, 0), last)) * domain.step)
    case .bool, .ordinal, .categorical:
      let count = parameter.domain.levelCount ?? 1
      return parameter.domain.value(atLevel: min(max(Int(place.rounded()), 0), count - 1))
    }
  }

  /// Values that cover the axis evenly on its scale, each with the part of the axis that it stands for.
  ///
  /// At most `count` of them where there is a continuum, else the levels, or an even choice of them.
  func cells(_ count: Int) -> [(value: Double, part: ClosedRange<Double>)] {
    if !axis.categories.isEmpty {
      return axis.categories.indices.prefix(count).map { (Double($0), Double($0) - 0.5...Double($0) + 0.5) }
    }
    return (0..<count).map { index in
      let edges = (axis.value(at: Double(index) / Double(count)), axis.value(at: Double(index + 1) / Double(count)))
      return (axis.value(at: (Double(index) + 0.5) / Double(count)), min(edges.0, edges.1)...max(edges.0, edges.1))
    }
  }
}
