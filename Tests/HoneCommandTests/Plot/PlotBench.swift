import HoneCommand
import Testing
import TuningModel

/// Studies made by hand, as plots see them.
struct PlotBench {
  var goal = Goal.minimise
  var objectives: [Objective]?
  var constraints: [OutcomeConstraint] = []
  var trials: [Trial] = []

  static func space() throws -> SearchSpace {
    try SearchSpace([
      Parameter("rate", .float(FloatDomain(1e-5, 0.1, scale: .log))), Parameter("layers", .int(IntDomain(1, 8))),
      Parameter("optimizer", .categorical([.string("sgd"), .string("adam")])),
      Parameter(
        "momentum", .float(FloatDomain(0, 0.99)), when: Condition("optimizer", isOneOf: [.string("sgd")])),
      Parameter("mixture", .float(FloatDomain(0, 1, size: 2))),
    ])
  }

  /// A trial, a minute after the one before.
  mutating func add(
    _ state: TrialState = .completed, loss: Double? = nil, metrics: [String: Double] = [:],
    _ parameters: Parameters = [:], worker: String? = "w1", seconds: Double = 50, measurements: [Measurement] = []
  ) {
    let number = trials.count + 1
    let start = Timestamp(milliseconds: 1_800_000_000_000).advanced(bySeconds: Double(number) * 60)
    var values: Parameters = [
      "rate": .float(0.001), "layers": .int(3), "optimizer": .string("adam"), "mixture": .vector([0.25, 0.75]),
    ]
    values.merge(parameters) { $1 }
    let found = metrics.merging(loss.map { ["loss": $0] } ?? [:]) { $1 }
    trials.append(
      Trial(
        number: number, state: state, parameters: values, origin: SuggestionOrigin(tuner: "random"),
        measurement: found.isEmpty ? nil : Measurement(found), worker: worker, createdAt: start, startedAt: start,
        finishedAt: state.isFinal ? start.advanced(bySeconds: seconds) : nil, measurements: measurements))
  }

  func plotted(metric: String? = nil, name: String = "s") throws -> PlottedStudy {
    let definition = try StudyDefinition(
      name, space: Self.space(), objectives: objectives ?? [Objective("loss", goal)], outcomeConstraints: constraints)
    let study = Study(
      definition: definition, seed: 1, tunerName: "random", createdAt: Timestamp(milliseconds: 1_800_000_000_000))
    return PlottedStudy(study, objective: try definition.objective(named: metric), trials: trials)
  }

  /// Ten trials with falling losses.
  static func ten() -> PlotBench {
    var bench = PlotBench()
    for number in 1...10 {
      let isSlow = number % 2 == 0
      bench.add(
        loss: 1 / Double(number),
        ["layers": .int(1 + number % 8), "optimizer": .string(isSlow ? "sgd" : "adam")].merging(
          isSlow ? ["momentum": .float(0.05 * Double(number))] : [:]
        ) { $1 },
        worker: isSlow ? "w2" : "w1")
    }
    return bench
  }
}

extension Figure {
  /// All marks of a chart.
  func marks(_ chart: Int = 0) -> [Chart.Mark] {
    charts[chart].layers.flatMap { layer -> [Chart.Mark] in
      guard case .marks(let marks) = layer else { return [] }
      return marks
    }
  }

  func lines(_ chart: Int = 0) -> [Chart.Line] {
    charts[chart].layers.flatMap { layer -> [Chart.Line] in
      guard case .lines(let lines) = layer else { return [] }
      return lines
    }
  }

  func bars(_ chart: Int = 0) -> [Chart.Bar] {
    charts[chart].layers.flatMap { layer -> [Chart.Bar] in
      guard case .bars(let bars) = layer else { return [] }
      return bars
    }
  }

  func cells(_ chart: Int = 0) -> [Chart.Cell] {
    charts[chart].layers.flatMap { layer -> [Chart.Cell] in
      guard case .cells(let cells) = layer else { return [] }
      return cells
    }
  }
}

/// Whether a text is well-formed XML.
func isWellFormed(_ text: String) -> Bool {
  var open: [Substring] = []
  for piece in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
    guard let end = piece.firstIndex(of: ">") else { return false }
    let tag = piece[..<end]
    if tag.hasSuffix("/") || tag.hasPrefix("!") || tag.hasPrefix("meta") { continue }
    if tag.hasPrefix("/") {
      if open.popLast() != tag.dropFirst() { return false }
    } else {
      open.append(tag.prefix { $0 != " " })
    }
  }
  return open.isEmpty
}
