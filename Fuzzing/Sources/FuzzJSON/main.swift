import CFuzzer
import TuningModel

/// Reads the bytes as JSON; what is accepted is written and read again.
let test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { data, count in
  guard let value = try? JSONValue(text: UnsafeBufferPointer(start: data, count: count)) else { return 0 }
  let text = value.bytes
  guard let again = try? JSONValue(text: text) else { fatalError("what was written cannot be read") }
  precondition(again == value, "what was written is read as something else")
  precondition(again.bytes == text, "equal values have different texts")
  guard (try? JSONValue(text: value.prettyText)) == value else { fatalError("the indented text differs") }
  return 0
}

var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
_ = LLVMFuzzerRunDriver(&argumentCount, &arguments, test)
