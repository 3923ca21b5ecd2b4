public import TuningModel

extension PageRequest: WireQuery {
  /// Takes `page_size` and `page_token` out of the query; notes mistakes of form.
  public init(reading query: QueryReader) {
    self.init()
    if let text = query.optional("page_size") {
      if let size = Int(text) {
        self.size = size
      } else {
        query.refuse("page_size", "Must be a whole number.", .form)
      }
    }
    token = query.optional("page_token")
  }

  /// The parameters.
  public var items: [QueryItem] {
    [QueryItem("page_size", "\(size)")] + (token.map { [QueryItem("page_token", $0)] } ?? [])
  }
}
