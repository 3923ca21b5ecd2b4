import SocketHTTP
import TuningAPI

/// Finds the route of a request.
struct Router: Sendable {
  /// All routes.
  let routes: [Route]

  /// What is known of a request's method and path.
  enum Match: Sendable {
    /// A route, with what stands in the varying segments.
    case route(Route, [String: String])
    /// The path does not know the method; it knows these.
    case otherMethods([String])
    /// There is no such path.
    case none

    /// The operation, where there is one.
    var operation: APIOperation? { if case .route(let route, _) = self { route.operation } else { nil } }

    /// What stands in the varying segments.
    var values: [String: String] { if case .route(_, let values) = self { values } else { [:] } }
  }

  /// Finds the route; HEAD goes where GET goes.
  func match(_ method: HTTPMethod, _ segments: [String]) -> Match {
    let wanted = method == .head ? "GET" : method.rawValue
    var methods: [String] = []
    for route in routes {
      guard let values = Self.values(of: segments, in: route.operation) else { continue }
      if route.operation.method == wanted { return .route(route, values) }
      methods.append(route.operation.method)
      if route.operation.method == "GET" { methods.append("HEAD") }
    }
    return methods.isEmpty ? .none : .otherMethods(methods.sorted())
  }

  /// What stands in the varying segments, or `nil` where the path is another.
  ///
  /// An empty segment is no value.
  private static func values(of segments: [String], in operation: APIOperation) -> [String: String]? {
    let template = operation.segments
    guard template.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (expected, segment) in zip(template, segments) {
      if expected.hasPrefix("{") {
        if segment.isEmpty { return nil }
        values[String(expected.dropFirst().dropLast())] = segment
      } else if expected != segment {
        return nil
      }
    }
    return values
  }
}
