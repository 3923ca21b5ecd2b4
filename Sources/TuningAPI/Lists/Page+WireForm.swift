public import TuningModel

/// A value that comes in pages.
public protocol ListedWireForm: WireForm {
  /// The name of the field that lists such values.
  static var listName: String { get }
}

extension Trial: ListedWireForm {
  /// The name of the field that lists such values.
  public static var listName: String { "trials" }
}

extension Page: WireForm where Element: ListedWireForm {
  /// Reads a page; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let elements = object.required(Element.listName)?.array()?.compactMap(Element.init(reading:))
    let nextToken = object.optional("next_page_token")?.string()
    object.finish()
    guard reader.mistakes.all.count == before, let elements else { return nil }
    self.init(elements, nextToken: nextToken)
  }

  /// The page as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      Element.listName: .array(elements.map(\.json)), "next_page_token": nextToken.map(JSONValue.string),
    ])
  }
}
