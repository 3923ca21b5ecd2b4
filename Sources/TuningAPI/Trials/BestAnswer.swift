public import TuningModel

/// The best trial of a study so far.
public struct BestAnswer: WireForm, Hashable {
  /// The trial; `nil` before there is one.
  public var trial: Trial?

  /// Creates an answer.
  public init(_ trial: Trial?) { self.trial = trial }

  /// Reads an answer; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    trial = object.optional("trial").flatMap(Trial.init(reading:))
    object.finish()
  }

  /// The answer as JSON.
  public var json: JSONValue { .object(omittingNil: ["trial": trial?.json]) }
}
