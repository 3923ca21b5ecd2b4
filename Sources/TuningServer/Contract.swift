import CContract

/// openapi.yaml, compiled into the program so that it is served wherever the executable lies.
enum Contract {
  /// The text in UTF-8.
  static var bytes: [UInt8] { [UInt8](UnsafeRawBufferPointer(start: ccontract_text(), count: ccontract_size())) }
}
