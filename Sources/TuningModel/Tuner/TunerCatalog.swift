/// The tuners and stopping rules that a program offers, by the names that studies use.
public struct TunerCatalog: Sendable {
  private let types: [any Tuner.Type]
  private let rules: [any StoppingRule.Type]

  /// Creates a catalog; a study that names no tuner gets the first that supports it.
  public init(_ types: [any Tuner.Type], stoppingRules rules: [any StoppingRule.Type] = []) {
    self.types = types
    self.rules = rules
  }

  /// What each tuner says of itself.
  public var descriptions: [TunerDescription] { types.map { $0.description } }

  /// What each stopping rule says of itself.
  public var stoppingRules: [TunerDescription] { rules.map { $0.description } }

  /// The tuner type of that name.
  public subscript(name: String) -> (any Tuner.Type)? { types.first { $0.description.name == name } }

  /// Creates the tuner that a study asks for.
  ///
  /// - Throws: `TunerError.unsupported` when there is no such tuner, an option is unknown or out of range, or the tuner or
  ///   the stopping rule cannot honour what the study asks for.
  public func tuner(for study: StudyDefinition) throws(TunerError) -> any Tuner {
    _ = try stoppingRule(for: study)
    guard let name = study.tuner.name else { return try firstSupporting(study) }
    guard let type = self[name] else {
      let names = types.map { $0.description.name }.joined(separator: ", ")
      throw .unsupported([
        InputMistake(
          pointer: "/tuner/name", detail: "There is no tuner \"\(name)\"; there are \(names).", kind: .support)
      ])
    }
    return try Self.make(type, for: study)
  }

  /// Creates the rule by which a study stops trials; `nil` where it asks for none.
  ///
  /// - Throws: `TunerError.unsupported` when there is no such rule, an option is unknown or out of range, or the rule
  ///   cannot honour what the study asks for.
  public func stoppingRule(for study: StudyDefinition) throws(TunerError) -> (any StoppingRule)? {
    guard let choice = study.stopping else { return nil }
    guard let type = rules.first(where: { $0.description.name == choice.name }) else {
      let names = rules.map { $0.description.name }.joined(separator: ", ")
      let offer = names.isEmpty ? "none is available here" : "there are \(names)"
      throw .unsupported([
        InputMistake(
          pointer: "/stopping/name", detail: "There is no stopping rule \"\(choice.name)\"; \(offer).", kind: .support)
      ])
    }
    let mistakes = type.description.objections(to: choice.options, at: "/stopping", of: "stopping rule")
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    return try type.init(for: study)
  }

  private func firstSupporting(_ study: StudyDefinition) throws(TunerError) -> any Tuner {
    var mistakes: [InputMistake] = []
    for type in types {
      do throws(TunerError) {
        return try Self.make(type, for: study)
      } catch {
        guard case .unsupported(let found) = error else { throw error }
        mistakes += found.map {
          InputMistake(pointer: $0.pointer, detail: "\(type.description.name): \($0.detail)", kind: $0.kind)
        }
      }
    }
    throw .unsupported(mistakes)
  }

  private static func make(_ type: any Tuner.Type, for study: StudyDefinition) throws(TunerError) -> any Tuner {
    let mistakes = type.description.objections(to: study.tuner.options, at: "/tuner", of: "tuner")
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    return try type.init(for: study)
  }
}
