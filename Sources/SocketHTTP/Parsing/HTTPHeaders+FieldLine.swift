extension HTTPHeaders.Field {
  /// Reads a field line without its CR LF (RFC 9112, section 5); its bytes have been checked for control characters.
  ///
  /// The value is UTF-8 where it is valid as such, otherwise ISO 8859-1, as fields used to be.
  init(line: ArraySlice<UInt8>) throws(HTTPError) {
    guard line.first?.isBlank != true else { throw .foldedField }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(\.isToken)
    else { throw .malformedField }
    var value = line[(colon + 1)...]
    while value.first?.isBlank == true { value.removeFirst() }
    while value.last?.isBlank == true { value.removeLast() }
    self.init(
      name: String(decoding: line[..<colon], as: UTF8.self),
      value: String(validating: value, as: UTF8.self)
        ?? String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
  }
}
