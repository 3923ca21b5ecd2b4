/// The rule that stops unpromising trials of a study, as its user chose it.
public struct StoppingChoice: Hashable, Sendable {
  /// The rule's name in the catalog.
  public var name: String
  /// The objective that trials are judged by; `nil` for the only one.
  public var metric: String?
  /// The rule's own options; those left out take their defaults.
  public var options: [String: JSONValue]

  /// Creates a choice.
  public init(_ name: String, metric: String? = nil, options: [String: JSONValue] = [:]) {
    self.name = name
    self.metric = metric
    self.options = options
  }

  init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let name = object.required("name")?.string()
    metric = object.optional("metric")?.string()
    // Which options there are, only the rule knows; the catalog checks them.
    options = Dictionary(
      uniqueKeysWithValues: object.unread.compactMap { key in object.optional(key).map { (key, $0.value) } })
    guard reader.mistakes.all.count == before, let name else { return nil }
    self.name = name
  }

  /// The choice as JSON.
  public var json: JSONValue {
    var fields = options
    fields["name"] = .string(name)
    fields["metric"] = metric.map(JSONValue.string)
    return .object(fields)
  }
}
