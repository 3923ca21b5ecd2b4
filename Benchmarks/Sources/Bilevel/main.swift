import Foundation
import TuningModel

// bilevel-runs CASE… [--images FILE] [--picture FILE] [--signals FILE] [--optimizer PROGRAM] [--tuner NAME]
// Runs cases from this folder and prints a line of JSON for each run. The case table:PROBLEM runs all tuners, or one, on a
// problem, constants:PROBLEM the tuner maid with several constants.
var arguments = Array(CommandLine.arguments.dropFirst())
@MainActor func option(_ name: String) -> String? {
  guard let index = arguments.firstIndex(of: name), arguments.indices.contains(index + 1) else { return nil }
  defer { arguments.removeSubrange(index...index + 1) }
  return arguments[index + 1]
}
let (images, picture, signals) = (option("--images"), option("--picture"), option("--signals"))
let (optimizer, only) = (option("--optimizer"), option("--tuner"))
let cases = Cases(
  files: DataFiles(root: URL(fileURLWithPath: "..")), images: images, picture: picture, signals: signals
) { name, fields in
  print(JSONValue.object(fields.merging(["case": .string(name)]) { $1 }).text)
  fflush(nil)
}
let everything = ["t1", "t2", "t3", "t5", "t6", "t7", "t8", "t11", "grid", "hvp"]
for name in arguments.isEmpty ? everything : arguments {
  switch name {
  case "t1": try cases.variation()
  case "t1-3": try cases.threeOfVariation()
  case "t2": try cases.cancer()
  case "t3", "t4": try cases.diabetes()
  case "t5": try cases.digits()
  case "t6": try cases.cleanDigits()
  case "t7": try cases.cleanImages()
  case "t8": try cases.quadratic()
  case "t11": try cases.pictures()
  case "grid": try cases.grids()
  case "hvp": try cases.products()
  case let name where name.hasPrefix("table:"):
    try cases.table(name.dropFirst(6).split(separator: ",").map(String.init), optimizer: optimizer, only: only)
  case let name where name.hasPrefix("constants:"):
    try cases.constants(name.dropFirst(10).split(separator: ",").map(String.init))
  default: FileHandle.standardError.write(Data("There is no case \(name).\n".utf8))
  }
}
