/// The tuners that a program offers, by the names that studies use.
public struct TunerCatalog: Sendable {
  private let types: [any Tuner.Type]

  /// Creates a catalog; a study that names no tuner gets the first that supports it.
  public init(_ types: [any Tuner.Type]) { self.types = types }

  /// What each tuner says of itself.
  public var descriptions: [TunerDescription] { types.map { $0.description } }

  /// The tuner type of that name.
  public subscript(name: String) -> (any Tuner.Type)? { types.first { $0.description.name == name } }

  /// Creates the tuner that a study asks for.
  ///
  /// - Throws: `TunerError.unsupported` when there is no such tuner, an option is unknown or out of range, or the tuner
  ///   cannot honour what the study asks for.
  public func tuner(for study: StudyDefinition) throws(TunerError) -> any Tuner {
    if study.stopping != nil {
      throw .unsupported([
        InputMistake(pointer: "/stopping", detail: "No stopping rule is available.", kind: .support)
      ])
    }
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
    let description = type.description
    var mistakes: [InputMistake] = []
    for (name, value) in study.tuner.options.sorted(by: { $0.key < $1.key }) {
      let pointer = jsonPointer("/tuner", name)
      if let option = description.options.first(where: { $0.name == name }) {
        if let objection = option.objection(to: value) {
          mistakes.append(InputMistake(pointer: pointer, detail: objection))
        }
      } else {
        let known = description.options.map(\.name).joined(separator: ", ")
        let offer = known.isEmpty ? "it has none" : "it has \(known)"
        mistakes.append(
          InputMistake(pointer: pointer, detail: "The tuner \(description.name) has no such option; \(offer)."))
      }
    }
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    return try type.init(for: study)
  }
}
