/// A request method: a case-sensitive token such as `GET`.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The method as it was sent.
  public let rawValue: String

  /// Makes a method of any name.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Reads a resource.
  public static let get = HTTPMethod(rawValue: "GET")
  /// Reads a resource's head; the server leaves out the body of the response.
  public static let head = HTTPMethod(rawValue: "HEAD")
  /// Has the resource process the body.
  public static let post = HTTPMethod(rawValue: "POST")
  /// Replaces a resource.
  public static let put = HTTPMethod(rawValue: "PUT")
  /// Changes parts of a resource.
  public static let patch = HTTPMethod(rawValue: "PATCH")
  /// Removes a resource.
  public static let delete = HTTPMethod(rawValue: "DELETE")
  /// Asks what may be done with a resource, or with the server when the target is `*`.
  public static let options = HTTPMethod(rawValue: "OPTIONS")
  /// Asks a proxy for a tunnel; the server refuses it.
  public static let connect = HTTPMethod(rawValue: "CONNECT")

  /// The method as it was sent.
  public var description: String { rawValue }
}
