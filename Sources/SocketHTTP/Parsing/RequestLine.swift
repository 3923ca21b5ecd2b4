/// The first line of a request.
package struct RequestLine: Sendable, Hashable {
  package let method: HTTPMethod
  package let target: RequestTarget
  package let version: HTTPVersion

  /// Reads a line without its CR LF (RFC 9112, section 3): exactly two spaces, none of them elsewhere.
  init(_ line: ArraySlice<UInt8>) throws(HTTPError) {
    guard let first = line.firstIndex(of: .space), let last = line.lastIndex(of: .space), first < last else {
      throw .malformedRequestLine
    }
    let (name, target) = (line[..<first], line[(first + 1)..<last])
    guard !name.isEmpty, name.allSatisfy(\.isToken), !target.isEmpty, !target.contains(.space) else {
      throw .malformedRequestLine
    }
    version = try Self.version(line[(last + 1)...])
    method = HTTPMethod(rawValue: String(decoding: name, as: UTF8.self))
    guard method != .connect else { throw .unsupportedMethod }
    self.target = try RequestTarget(bytes: target, method: method)
  }

  private static func version(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> HTTPVersion {
    let prefix = "HTTP/".utf8
    guard bytes.count == prefix.count + 3, bytes.starts(with: prefix) else { throw .malformedRequestLine }
    let digits = bytes.dropFirst(prefix.count)
    guard let major = digits.first?.decimalValue, digits.dropFirst().first == UInt8(ascii: "."),
      let minor = digits.last?.decimalValue
    else { throw .malformedRequestLine }
    guard major == 1 else { throw .unsupportedVersion }
    return minor == 0 ? .http10 : .http11
  }
}
