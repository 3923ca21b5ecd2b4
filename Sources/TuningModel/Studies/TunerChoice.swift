/// The algorithm that a study's user chose, and how it is set.
public struct TunerChoice: Hashable, Sendable {
  /// The algorithm's name in the catalog; `nil` for the best one for the study.
  public var name: String?
  /// The seed of all randomness; `nil` for one that is drawn when the study is created.
  public var seed: StudySeed?
  /// Whether every suggestion waits for all that has been told, so that the same history gives the same suggestions.
  public var reproducible: Bool
  /// How long an ask waits, in milliseconds, for a suggestion that knows every result told before it; past that it gets
  /// one from the model before, where there is one.
  public var maxWaitMilliseconds: Int
  /// The algorithm's own options; those left out take their defaults.
  public var options: [String: JSONValue]

  /// The wait where the user says nothing.
  public static let standardWaitMilliseconds = 2_000

  /// Creates a choice.
  public init(
    _ name: String? = nil, seed: StudySeed? = nil, reproducible: Bool = false,
    maxWaitMilliseconds: Int = TunerChoice.standardWaitMilliseconds, options: [String: JSONValue] = [:]
  ) {
    self.name = name
    self.seed = seed
    self.reproducible = reproducible
    self.maxWaitMilliseconds = maxWaitMilliseconds
    self.options = options
  }

  init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    name = object.optional("name")?.string()
    seed = object.optional("seed")?.integer(in: 0...Int.exactRange.upperBound).map(UInt64.init)
    reproducible = object.optional("reproducible")?.bool() ?? false
    maxWaitMilliseconds =
      object.optional("max_wait_ms")?.integer(in: 0...600_000) ?? Self.standardWaitMilliseconds
    // Which options there are, only the tuner knows; the catalog checks them.
    options = Dictionary(
      uniqueKeysWithValues: object.unread.compactMap { key in
        object.optional(key).map { (key, $0.value) }
      })
    if reader.mistakes.all.count > before { return nil }
  }

  /// The choice as JSON.
  public var json: JSONValue {
    var fields = options
    fields["name"] = name.map(JSONValue.string)
    fields["seed"] = seed.map { .number(Double($0)) }
    fields["reproducible"] = reproducible ? true : nil
    fields["max_wait_ms"] =
      maxWaitMilliseconds == Self.standardWaitMilliseconds ? nil : .integer(maxWaitMilliseconds)
    return .object(fields)
  }
}
