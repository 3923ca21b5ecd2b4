public import TuningModel

extension InputMistake: WireForm {
  /// Reads a mistake; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let pointer = object.required("pointer")?.string()
    let detail = object.required("detail")?.string()
    let kind = object.required("kind")?.choice(of: KindName.self)
    object.finish()
    guard let pointer, let detail, let kind else { return nil }
    self.init(pointer: pointer, detail: detail, kind: kind.kind)
  }

  /// The mistake as JSON.
  public var json: JSONValue {
    ["pointer": .string(pointer), "detail": .string(detail), "kind": .string(KindName(kind).rawValue)]
  }

  private enum KindName: String, CaseIterable {
    case form, meaning, support

    init(_ kind: Kind) {
      switch kind {
      case .form: self = .form
      case .meaning: self = .meaning
      case .support: self = .support
      }
    }

    var kind: Kind {
      switch self {
      case .form: .form
      case .meaning: .meaning
      case .support: .support
      }
    }
  }
}
