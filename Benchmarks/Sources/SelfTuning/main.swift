import BestResponse
import Foundation
import Hone

// self-tuning CASE [options], from the folder Benchmarks; a line of JSON for each run.
//   train      one training: --method stn|delta_stn|fixed [--drop 0.05,…] [--schedule FILE]
//   search     trials of fixed hyperparameters: --tuner random|bayesian|asha --total STEPS --longest STEPS --first STEPS
//   grid, ways fixed values, noise, schedules gone through again: [--around VALUE]
//   local, hypergradients, global   softmax regression: [--start λ] [--tuners NAME,…] and settings
//   times, memory                   [--method …]
// For networks: --rows N, --images FILE (digits without it), --seeds 1-10, --steps N, --every N, --option NAME=VALUE…
var arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
@MainActor func write(_ fields: [String: JSONValue]) {
  print(JSONValue.object(fields).text)
  fflush(nil)
}
let images = arguments.option("--images")
let rows = arguments.integer("--rows", images == nil ? 599 : 1_667)
let seeds = arguments.seeds()
let (steps, every) = (arguments.integer("--steps", 6_000), arguments.integer("--every", 10))
let method = SelfTuningSettings.Method(rawValue: arguments.option("--method") ?? "stn") ?? .selfTuning
let options = arguments.settings()

@MainActor func problem() throws -> NetworkProblem {
  if let images { return try NetworkProblem.images(images, rows: rows) }
  return try NetworkProblem.digits(rows: rows)
}

@MainActor func train() throws {
  let problem = try problem()
  let drops = arguments.numbers("--drop")
  let scheduleFile = arguments.option("--schedule")
  for seed in seeds {
    let start = processorSeconds()
    let first = drops.map { drops in problem.hyperparameters.indices.map { drops[min($0, drops.count - 1)] } }
    var watched = try WatchedTraining(
      problem, problem.settings(method, seed: seed, options, start: first), every: every)
    watched.advance(to: steps)
    var fields = watched.json
    fields["start"] = drops.map { .array($0.map(JSONValue.number)) }
    fields["options"] = .object(options.mapValues(JSONValue.number))
    fields["s"] = .number(processorSeconds() - start)
    write(fields)
    if let scheduleFile, seed == seeds.lowerBound {
      try watched.run.state.schedule.csv.write(toFile: scheduleFile, atomically: true, encoding: .utf8)
    }
  }
}

@MainActor func search() throws {
  let problem = try problem()
  let name = arguments.option("--tuner") ?? "random"
  let (total, longest) = (arguments.integer("--total", steps), arguments.integer("--longest", steps))
  let first = arguments.integer("--first", max(1, longest / 27))
  for seed in seeds {
    write(
      try Search(
        problem: problem, name: name, seed: seed, total: total, longest: longest, first: first, every: every,
        options: options
      ).finished())
  }
}

@MainActor func linear() throws -> LinearModels {
  let data = try DataFiles.images(images ?? "mnist_5k.csv")
  let halves = arguments.integer("--halved", 0)
  return LinearModels(data: halves == 1 ? data.halved() : data, seeds: seeds) { fields in
    MainActor.assumeIsolated { write(fields) }
  }
}

let name = arguments.rest.first ?? ""
let start = Double(arguments.option("--start") ?? "") ?? -5
switch name {
case "train": try train()
case "search": try search()
case "grid", "ways":
  let around = arguments.numbers("--around")?.first ?? 0.5
  let study = ScheduleStudy(rows: rows, seeds: seeds, steps: steps, every: every, options: options) { fields in
    MainActor.assumeIsolated { write(fields) }
  }
  if name == "grid" { try study.grid() } else { try study.ways(around: around) }
case "local":
  try linear().local(
    rows: rows, start: start, steps: steps, rate: options["rate"] ?? 1e-4, tuningRate: options["tuning_rate"] ?? 1e-2,
    batch: Int(options["batch"] ?? 100), every: every)
case "hypergradients":
  let tuners = (arguments.option("--tuners") ?? "hypergradient,maid").split(separator: ",").map(String.init)
  try linear().hypergradients(rows: rows, start: start, answers: Int(options["answers"] ?? 100), tuners: tuners)
case "global":
  try linear().global(
    rows: rows, hidden: Int(options["hidden"] ?? 50), steps: steps, rate: options["rate"] ?? 1e-4,
    tuningSteps: Int(options["tuning_steps"] ?? 300))
case "times", "memory":
  let times = StepTimes(problem: try problem(), options: options) { fields in
    MainActor.assumeIsolated { write(fields) }
  }
  if name == "times" {
    try times.times(rounds: arguments.integer("--rounds", 15), steps: steps)
  } else {
    try times.memory(method, steps: steps)
  }
default: FileHandle.standardError.write(Data("There is no case \(name).\n".utf8))
}
