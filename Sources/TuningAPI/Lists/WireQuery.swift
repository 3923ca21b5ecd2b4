public import TuningModel

/// One parameter of a query, decoded.
public struct QueryItem: Hashable, Sendable {
  /// The parameter's name.
  public var name: String
  /// Its value.
  public var value: String

  /// Creates a parameter.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [QueryItem] {
  /// The query as it stands in a target, with its question mark; empty where there are no parameters.
  public var encoded: String {
    isEmpty
      ? ""
      : "?" + map { APIOperation.encoded($0.name) + "=" + APIOperation.encoded($0.value) }.joined(separator: "&")
  }
}

/// What the query of a request asks for.
public protocol WireQuery: Sendable {
  /// Takes its parameters out of the query; notes mistakes.
  init(reading query: QueryReader)
  /// The parameters, without those that say nothing.
  var items: [QueryItem] { get }
}

extension WireQuery {
  /// Reads a query, refusing parameters that are unknown or given twice.
  ///
  /// - Throws: `malformed` or `invalid`, with every mistake; its pointer is a slash and the parameter's name.
  public init(_ items: [QueryItem]) throws(StudyError) {
    let query = QueryReader(items)
    self.init(reading: query)
    try query.finish()
  }
}

/// The absence of any query.
public struct NoQuery: WireQuery {
  /// Takes nothing.
  public init(reading query: QueryReader) {}
  /// None.
  public var items: [QueryItem] { [] }
}

/// Takes parameters out of a query; those that nobody asked for are mistakes.
public final class QueryReader {
  private let items: [QueryItem]
  private var known: Set<String> = []
  private let mistakes = MistakeList()

  init(_ items: [QueryItem]) { self.items = items }

  /// The value of a parameter as a JSON string, to be read like the field of a body.
  func optional(_ name: String) -> String? {
    known.insert(name)
    let values = items.filter { $0.name == name }
    if values.count > 1 { refuse(name, "Is given \(values.count) times.", .form) }
    return values.first?.value
  }

  func refuse(_ name: String, _ detail: String, _ kind: InputMistake.Kind) {
    mistakes.add(InputMistake(pointer: jsonPointer("", name), detail: detail, kind: kind))
  }

  func finish() throws(StudyError) {
    let offer = known.isEmpty ? "there are none here" : "known here: \(known.sorted().joined(separator: ", "))"
    for item in items where !known.contains(item.name) {
      refuse(item.name, "Unknown query parameter; \(offer).", .form)
    }
    if !mistakes.all.isEmpty { throw StudyError(InvalidInput(mistakes.all)) }
  }
}
