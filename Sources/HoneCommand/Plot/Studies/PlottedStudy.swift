package import TuningModel

/// A study as plots see it: all its trials, and the metric that is shown.
package struct PlottedStudy: Sendable {
  package let study: Study
  /// The metric that is shown, with the way in which it is better.
  package let objective: Objective
  /// All trials in the order of their numbers.
  package let trials: [Trial]
  /// The parameters, those of vectors component by component.
  package let parameters: [PlottedParameter]

  /// A completed trial with a finite value.
  package struct Point: Sendable {
    package var trial: Trial
    /// The metric in its own units.
    package var value: Double
    /// Whether the trial keeps the outcome constraints and is not excluded, so that it may be the best.
    package var isEligible: Bool
  }

  /// Takes what is known of a study.
  package init(_ study: Study, objective: Objective, trials: [Trial]) {
    self.study = study
    self.objective = objective
    self.trials = trials
    parameters = PlottedParameter.all(of: study.definition.space)
    points = trials.compactMap { trial in
      guard trial.state == .completed, let metrics = trial.measurement?.metrics, let value = metrics[objective.metric],
        value.isFinite
      else { return nil }
      let isEligible =
        trial.excludedAt == nil && study.definition.outcomeConstraints.allSatisfy { $0.isSatisfied(by: metrics) }
      return Point(trial: trial, value: value, isEligible: isEligible)
    }
  }

  /// Reads a whole study, page by page.
  ///
  /// - Parameters:
  ///   - metric: the metric to show; the only objective where left out.
  ///   - withMeasurements: whether intermediate measurements are read too.
  /// - Throws: `StudyError` where it cannot be read, or the metric is not one that it asks for.
  package init(
    of name: String, metric: String?, from studies: any StudyClient, withMeasurements: Bool = false
  ) async throws(StudyError) {
    let study = try await studies.study(name).study
    let objective: Objective
    do throws(InvalidInput) {
      objective = try study.definition.objective(named: metric)
    } catch {
      throw StudyError(.invalid, "\(name): " + error.mistakes.map(\.detail).joined(separator: " ") + " Use --metric.")
    }
    var trials: [Trial] = []
    var token: String?
    repeat {
      let selection = TrialSelection(withMeasurements: withMeasurements)
      let page = try await studies.trials(name, selection, PageRequest(size: 1_000, token: token))
      trials += page.elements
      token = page.nextToken
    } while token != nil
    self.init(study, objective: objective, trials: trials)
  }

  /// The completed trials with finite values, in the order of their numbers.
  package let points: [Point]

  package var name: String { study.name }

  /// The best point: the first of those with the least cost.
  package var best: Point? {
    points.filter(\.isEligible).min { objective.cost(of: $0.value) < objective.cost(of: $1.value) }
  }

  /// An axis of the values: nine tenths of them, without the worst, which would press the others together.
  package func valueAxis(alsoCovering values: [Double] = []) -> Axis { Self.valueAxis([self], alsoCovering: values) }

  /// An axis of the values of several studies.
  package static func valueAxis(_ studies: [PlottedStudy], alsoCovering values: [Double] = []) -> Axis {
    let sorted = studies.flatMap { study in study.points.map { ($0.value, study.objective.cost(of: $0.value)) } }
      .sorted { $0.1 < $1.1 }.map(\.0)
    var axis = Axis(covering: values + sorted.prefix(Int((Double(sorted.count) * 0.9).rounded(.up))))
    axis.label = studies.first?.objective.metric ?? ""
    return axis
  }

  /// The colours of values: dark where they are good.
  package var colourScale: ColourScale {
    ColourScale(axis: valueAxis(), isDarkLow: objective.goal == .minimise)
  }

  /// - Throws: `CommandFailure` where there is nothing to show.
  package func checkPoints() throws(CommandFailure) {
    if points.isEmpty {
      throw CommandFailure(
        .notFound,
        "the study \(name) has no completed trial with \(objective.metric) yet; hone trial list shows all trials")
    }
  }

  /// What a trial says when it is pointed at.
  package static func title(_ trial: Trial, _ metric: String) -> String {
    let value = trial.measurement?.metrics[metric].map(NumberText.short)
    let parameters = trial.parameters.sorted { $0.key < $1.key }.prefix(12).map { "\($0.key)=\($0.value)" }
    return "trial \(trial.number): " + (value.map { "\(metric) \($0)" } ?? trial.state.rawValue)
      + (parameters.isEmpty ? "" : "\n" + parameters.joined(separator: "\n").onLines(of: 120))
  }

  func title(_ trial: Trial) -> String { Self.title(trial, objective.metric) }
}

extension String {
  /// Each line cut to a length.
  fileprivate func onLines(of limit: Int) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).onOneLine(atMost: limit) }
      .joined(separator: "\n")
  }
}
