/// Data that are not images of digits.
package enum DigitsError: Error, Equatable, CustomStringConvertible {
  case unreadable(String, String)
  case malformedLine(Int)
  case tooFewImages(Int, needed: Int)
  case unreadableState(String, String)
  case unwritableState(String, String)
  case otherTraining(String)

  /// The mistake and what to do, for people.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the digits from \(path): \(reason); name the file with --data"
    case .malformedLine(let line):
      "line \(line) of the digits must hold 64 whole numbers from 0 to 16 and a digit, separated by commas"
    case .tooFewImages(let count, let needed):
      "the file holds \(count) images; at least \(needed) are needed"
    case .unreadableState(let path, let reason): "cannot go on from \(path): \(reason)"
    case .unwritableState(let path, let reason): "cannot save to \(path): \(reason)"
    case .otherTraining(let reason): "cannot go on from there: \(reason)"
    }
  }
}
