import Foundation
import TuningModel

// bilevel-runs CASE… [--images FILE] [--picture FILE]: runs cases from this folder and prints a line of JSON for each run.
var arguments = Array(CommandLine.arguments.dropFirst())
var images: String?
if let index = arguments.firstIndex(of: "--images"), arguments.indices.contains(index + 1) {
  images = arguments[index + 1]
  arguments.removeSubrange(index...index + 1)
}
var picture: String?
if let index = arguments.firstIndex(of: "--picture"), arguments.indices.contains(index + 1) {
  picture = arguments[index + 1]
  arguments.removeSubrange(index...index + 1)
}
let cases = Cases(files: DataFiles(root: URL(fileURLWithPath: "..")), images: images, picture: picture) {
  name, fields in
  print(JSONValue.object(fields.merging(["case": .string(name)]) { $1 }).text)
  fflush(nil)
}
let everything = ["t1", "t2", "t3", "t5", "t6", "t7", "t8", "t11", "grid", "hvp"]
for name in arguments.isEmpty ? everything : arguments {
  switch name {
  case "t1": try cases.variation()
  case "t2": try cases.cancer()
  case "t3", "t4": try cases.diabetes()
  case "t5": try cases.digits()
  case "t6": try cases.cleanDigits()
  case "t7": try cases.cleanImages()
  case "t8": try cases.quadratic()
  case "t11": try cases.pictures()
  case "grid": try cases.grids()
  case "hvp": try cases.products()
  default: FileHandle.standardError.write(Data("There is no case \(name).\n".utf8))
  }
}
