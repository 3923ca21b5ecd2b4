public import TuningModel

/// A value with a JSON form on the wire.
///
/// There is one description of each form, for the server and the client alike. How strictly it is read depends on
/// the direction: a request with a field that nobody knows is refused, since it may be a mistyped one, while a client
/// ignores what a newer server adds to its answers.
public protocol WireForm: Sendable {
  /// Reads the form; notes every mistake, and answers `nil` after one.
  init?(reading reader: JSONReader)
  /// The form; `init(reading:)` reads it back to an equal value.
  var json: JSONValue { get }
}

extension WireForm {
  /// Reads the body of a request.
  ///
  /// - Throws: `malformed`, `invalid` or `unsupported`, with every mistake and a JSON pointer to each.
  public init(request body: some Sequence<UInt8>) throws(StudyError) {
    let json: JSONValue
    do {
      json = try JSONValue(text: body)
    } catch {
      throw StudyError(.malformed, "The body is not JSON: \(error.detail)")
    }
    do {
      self = try JSONReader.read(json) { Self(reading: $0) }
    } catch {
      throw StudyError(error)
    }
  }

  /// Reads the body of an answer.
  ///
  /// - Throws: `unexpectedAnswer` where the body has another form.
  public init(answer body: some Sequence<UInt8>) throws(StudyError) {
    let json: JSONValue
    do {
      json = try JSONValue(text: body)
    } catch {
      throw StudyError(.unexpectedAnswer, "The server's answer is not JSON: \(error.detail)")
    }
    do {
      self = try JSONReader.read(json, ignoringUnknownFields: true) { Self(reading: $0) }
    } catch {
      throw StudyError(.unexpectedAnswer, "The server's answer was not understood: \(error)", mistakes: error.mistakes)
    }
  }

  /// The form as JSON text.
  public var body: [UInt8] { json.bytes }
}
