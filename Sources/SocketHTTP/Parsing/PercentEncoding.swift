/// Percent-encoding of URIs (RFC 3986, section 2.1) and of forms.
enum PercentEncoding {
  /// Decodes one component of a target.
  ///
  /// Refuses an incomplete or non-hexadecimal escape, an escaped NUL, and what is not UTF-8 once decoded.
  static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(HTTPError) -> String {
    let percent = UInt8(ascii: "%")
    let plus = UInt8(ascii: "+")
    if !bytes.contains(where: { $0 == percent || (plusIsSpace && $0 == plus) }) {
      return try text(bytes)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == percent {
        guard bytes.endIndex - index > 2,
          let high = bytes[index + 1].hexadecimalValue, let low = bytes[index + 2].hexadecimalValue,
          high | low != 0
        else { throw .malformedPercentEncoding }
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && byte == plus ? .space : byte)
        index += 1
      }
    }
    return try text(decoded[...])
  }

  private static func text(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformedPercentEncoding }
    return text
  }
}
