import CFuzzer
import TuningAPI
import TuningModel

/// Reads the bytes as a form of requests; what is accepted is written and read again.
func check<Form: WireForm & Equatable>(_: Form.Type, _ bytes: [UInt8]) {
  let form: Form
  do throws(StudyError) {
    form = try Form(request: bytes)
  } catch {
    precondition([.malformed, .invalid, .unsupported].contains(error.code), "refused with \(error)")
    return
  }
  let text = form.body
  guard let again = try? Form(request: text) else {
    fatalError("what was written cannot be read: \(String(decoding: text, as: UTF8.self))")
  }
  // By their texts: a metric may be NaN, which equals nothing.
  precondition(again.body == text, "another request: \(String(decoding: text, as: UTF8.self))")
}

/// The first byte says which form.
let test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { data, count in
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  switch first % 16 {
  case 0: check(AskRequest.self, bytes)
  case 1: check(TrialResult.self, bytes)
  case 2: check(TellManyRequest.self, bytes)
  case 3: check(ReportRequest.self, bytes)
  case 4: check(EnqueueRequest.self, bytes)
  case 5: check(TrialCorrectionRequest.self, bytes)
  case 6: check(HeartbeatRequest.self, bytes)
  case 7: check(RequeueRequest.self, bytes)
  case 8: check(PredictRequest.self, bytes)
  case 9: check(StudyPatch.self, bytes)
  case 10: check(AccessTokenRequest.self, bytes)
  default: check(StudyDefinition.self, bytes)
  }
  return 0
}

var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
_ = LLVMFuzzerRunDriver(&argumentCount, &arguments, test)
