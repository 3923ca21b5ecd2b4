import Foundation
import TuningModel

/// Definitions that were read before, by their text.
///
/// Reading one checks all of it, which for a large or tightly constrained space costs far more than the row it stands in;
/// every reading of a trial needs it. A text always stands for the same definition, so nothing here can be out of date.
final class DefinitionCache: @unchecked Sendable {
  static let shared = DefinitionCache()

  /// The length of all texts that are kept, in bytes.
  private static let capacity = 16 << 20

  private let lock = NSLock()
  private var definitions: [String: StudyDefinition] = [:]
  private var size = 0

  /// The definition of a text, read by `read` unless it is known.
  func definition(
    _ text: String, _ read: (String) throws(StudyError) -> StudyDefinition
  ) throws(StudyError) -> StudyDefinition {
    if let known = lock.withLock({ definitions[text] }) { return known }
    let definition = try read(text)
    lock.withLock {
      if size + text.utf8.count > Self.capacity {
        definitions = [:]
        size = 0
      }
      if definitions.updateValue(definition, forKey: text) == nil { size += text.utf8.count }
    }
    return definition
  }
}
