import Foundation
import Hone

do {
  try await perform(try Arguments(Array(CommandLine.arguments.dropFirst())))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}

/// Runs what the file does not hold yet, so many at the same time, one seed of every problem after the other.
func perform(_ arguments: Arguments) async throws {
  let folder = URL(filePath: arguments.output).deletingLastPathComponent()
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  var runs: [Run] = []
  let done = finishedKeys(in: arguments.output)
  for seed in arguments.firstSeed..<(arguments.firstSeed + arguments.seeds) {
    for problem in arguments.problems {
      let design = try Design(dimension: problem.dimension, in: arguments.designs)
      guard design.runs.indices.contains(seed) else {
        throw Failure("There are \(design.runs.count) starting designs.")
      }
      let run = Run(
        problem: problem, seed: seed, start: design.runs[seed], evaluations: arguments.evaluations,
        label: arguments.label, noise: arguments.noise, tuner: arguments.tuner)
      if !done.contains(run.key) { runs.append(run) }
    }
  }
  let (version, machine) = (arguments.version, machineDescription())
  try await withThrowingTaskGroup(of: JSONValue.self) { group in
    var waiting = runs[...]
    for run in waiting.prefix(arguments.jobs) {
      waiting.removeFirst()
      group.addTask { try run.finished(version: version, machine: machine) }
    }
    while let line = try await group.next() {
      try append(line, to: arguments.output)
      if let run = waiting.popFirst() { group.addTask { try run.finished(version: version, machine: machine) } }
    }
  }
}

/// The runs that a file holds; a line cut short by a crash counts as none.
func finishedKeys(in path: String) -> Set<String> {
  let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  return Set(
    text.split(separator: "\n").compactMap { line in
      guard let json = try? JSONValue(text: String(line)), case .string(let problem)? = json["problem"],
        case .string(let label)? = json["label"], case .number(let seed)? = json["seed"],
        case .number(let evaluations)? = json["evaluations"]
      else { return nil }
      return Run.key(problem, label, Int(seed), Int(evaluations))
    })
}

func append(_ line: JSONValue, to path: String) throws {
  if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
  let file = try FileHandle(forWritingTo: URL(filePath: path))
  defer { try? file.close() }
  try file.seekToEnd()
  try file.write(contentsOf: Data((line.text + "\n").utf8))
  let names = [line["problem"], line["label"], line["seed"], line["suggest_seconds"]].compactMap { $0?.text }
  FileHandle.standardOutput.write(Data((names.joined(separator: " ") + " s\n").utf8))
}

/// The processor's model and the number of processors; nothing that names the computer.
func machineDescription() -> String {
  let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
  let model = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
  return "\(model), \(ProcessInfo.processInfo.processorCount) cores"
}
