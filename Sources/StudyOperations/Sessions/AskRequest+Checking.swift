import TuningModel

extension AskRequest {
  /// The largest number of trials in one answer.
  static let largestCount = 100

  /// - Throws: `invalid` with every part that is not acceptable.
  func check() throws(StudyError) {
    var mistakes: [InputMistake] = []
    if !(1...Self.largestCount).contains(count) {
      mistakes.append(
        InputMistake(pointer: "/count", detail: "Must be between 1 and \(Self.largestCount), not \(count)."))
    }
    if let worker {
      let isPrintable = worker.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      if !(1...256).contains(worker.utf8.count) || !isPrintable {
        mistakes.append(
          InputMistake(pointer: "/worker", detail: "A worker's name has 1 to 256 bytes and no control characters."))
      }
    }
    if let seconds = leaseSeconds, let mistake = LeaseTerm.objection(to: seconds) {
      mistakes.append(InputMistake(pointer: "/lease_seconds", detail: mistake))
    }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
  }
}

extension LeaseTerm {
  /// Why a lease cannot have this length, or `nil` where it can.
  static func objection(to seconds: Double) -> String? {
    seconds > 0 && seconds <= longest ? nil : "Must be above 0 seconds and at most a year."
  }
}
