import BestResponse
import Bilevel
import TuningModel

/// What a network that tuned itself has come to, and trainings to compare it to.
struct SelfTuningReport {
  /// A training to compare to.
  struct Baseline {
    var name: String
    /// What it is, for people.
    var meaning: String
    var best, last: WatchedTraining.Moment
    var divergedAt: Int?
  }

  var method: SelfTuningSettings.Method
  var watched: WatchedTraining
  var examples: TabularExamples
  var baselines: [Baseline] = []
  var seconds = 0.0

  private var hyperparameters: [TunedHyperparameter] { watched.run.settings.hyperparameters }

  // MARK: For programs

  var json: JSONValue {
    let last = watched.last
    var fields: [String: JSONValue] = [
      "method": .string(method.rawValue), "steps": .integer(watched.run.state.step),
      "rows": [
        "train": .integer(examples.training.count), "validation": .integer(examples.validation.count),
        "test": .integer(examples.test.count),
      ],
      "features": .integer(examples.features), "classes": .array(examples.classes.map(JSONValue.string)),
      "hyperparameters": .array(
        hyperparameters.indices.map { k in
          [
            "name": .string(hyperparameters[k].name), "start": .number(hyperparameters[k].start),
            "best": .number(watched.best.values[k]), "last": .number(last.values[k]),
            "lambda": .number(watched.run.state.lambda[k]), "sigma": .number(watched.run.deviations[k]),
          ]
        }),
      "start": json(watched.moments[0]), "best": json(watched.best), "last": json(last), "seconds": .number(seconds),
      "validation_curve": [
        "step": .array(watched.moments.map { .integer($0.step) }),
        "loss": .array(watched.moments.map { .number($0.validation.loss) }),
      ],
    ]
    fields["diverged_at"] = watched.divergedAt.map(JSONValue.integer)
    if !baselines.isEmpty {
      fields["baselines"] = .array(
        baselines.map { baseline in
          .object(omittingNil: [
            "name": .string(baseline.name), "best": json(baseline.best), "last": json(baseline.last),
            "diverged_at": baseline.divergedAt.map(JSONValue.integer),
          ])
        })
    }
    return .object(fields)
  }

  private func json(_ moment: WatchedTraining.Moment) -> JSONValue {
    func json(_ score: WatchedTraining.Score) -> JSONValue {
      ["loss": .number(score.loss), "error": .number(score.error)]
    }
    return .object(omittingNil: [
      "step": .integer(moment.step), "validation": json(moment.validation), "test": moment.test.map(json),
    ])
  }

  // MARK: For people

  var text: String {
    var text = ""
    for rows in tables { text += rows.text + "\n" }
    text += "\(method.rawValue), \(watched.run.state.step) steps, "
    text += "\(examples.training.count) rows train, \(examples.validation.count) validate, \(examples.test.count) test"
    text += " (\(NumberText.short((seconds * 100).rounded() / 100)) s)\n"
    if let step = watched.divergedAt {
      text += "The training diverged after \(step) steps; shorter steps (--rate) may help.\n"
    }
    return text
  }

  private var tables: [Table] {
    var values = Table(["HYPERPARAMETER", "START", "BEST", "LAST", "DEVIATION OF ITS COORDINATE"])
    for row in valueRows { values.add(row) }
    var scores = Table(Self.scoreHeader.map { $0.uppercased() })
    for row in scoreRows { scores.add(row) }
    return hyperparameters.isEmpty ? [scores] : [values, scores]
  }

  /// Name, start, best, last and deviation of each hyperparameter.
  var valueRows: [[String]] {
    let last = watched.run.values
    return hyperparameters.indices.map { k in
      [
        hyperparameters[k].name,
        NumberText.short(hyperparameters[k].start), NumberText.short(watched.best.values[k]),
        NumberText.short(last[k]), NumberText.short(watched.run.deviations[k]),
      ]
    }
  }

  static let scoreHeader = ["", "step", "validation loss", "error", "test loss", "error"]

  /// The losses at the start, at the best moment and at the end, and those of the trainings to compare to.
  var scoreRows: [[String]] {
    var rows = [
      row("start", watched.moments[0]), row("least validation loss", watched.best), row("end", watched.last),
    ]
    for baseline in baselines {
      rows.append(row(baseline.meaning, baseline.best))
      rows.append(row(baseline.meaning + ", end", baseline.last))
    }
    return rows
  }

  private func row(_ name: String, _ moment: WatchedTraining.Moment) -> [String] {
    func percent(_ share: Double) -> String { NumberText.short((share * 10_000).rounded() / 100) + " %" }
    return [
      name, "\(moment.step)", NumberText.short(moment.validation.loss), percent(moment.validation.error),
      moment.test.map { NumberText.short($0.loss) } ?? "", moment.test.map { percent($0.error) } ?? "",
    ]
  }
}
