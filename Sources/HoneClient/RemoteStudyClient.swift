public import Foundation
// One import is to be enough for a program that works on a server, as one of Hone is.
@_exported public import StudyLoop
import TuningAPI
public import TuningModel

/// The studies of a server, offered as the protocol that the embedded engine speaks too.
///
/// What failed is sent again, after a pause, when the server cannot be reached or says that it is busy; all but predictions.
/// A write carries a key by which the server knows it again, so it happens once however often it is sent. It throws the
/// errors that the engine would throw, and `unreachable` or `unexpectedAnswer` where there is no answer, or not Hone's.
public final class RemoteStudyClient: Sendable {
  let transport: Transport
  /// For heartbeats: one that hangs must not outlast the lease that it is to renew.
  let pulse: Transport
  let spaces = SearchSpaceCache()

  /// Creates a client; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - server: the server's address, such as `http://127.0.0.1:8080`; a path in it is kept, for servers behind a proxy.
  ///   - token: what proves the right to use the server, where it asks for that.
  ///   - timeout: how long the server may stay silent, also while it computes suggestions.
  ///   - retries: how often, and after how long, what was not answered is sent again.
  public init(
    server: URL, token: String? = nil, timeout: Duration = .seconds(60), retries: RetryPolicy = RetryPolicy()
  ) {
    transport = Transport(server: server, token: token, timeout: timeout, retries: retries)
    pulse = Transport(server: server, token: token, timeout: min(timeout, .seconds(10)), retries: retries)
  }

  /// The tuners that the server offers, in the order in which it considers them for a study that names none.
  public func tuners() async throws(StudyError) -> [TunerDescription] {
    try await transport.send(Exchange(.listTuners, APIOperation.listTuners.path()), for: TunerList.self).tuners
  }

  /// The rules that the server offers to stop unpromising trials.
  public func stoppingRules() async throws(StudyError) -> [TunerDescription] {
    try await transport.send(Exchange(.listTuners, APIOperation.listTuners.path()), for: TunerList.self).stoppingRules
  }
}

extension RemoteStudyClient: StudyClient {
  /// Creates a study; one of the same name and definition is returned as it is.
  public func create(_ definition: StudyDefinition) async throws(StudyError) -> CreatedStudy {
    let answer = try await transport.send(Exchange(.createStudy, APIOperation.createStudy.path(), body: definition))
    let summary = try StudySummary(answer: answer.body)
    await spaces.keep(summary.study.definition.space, of: summary.study.name)
    return CreatedStudy(summary, isNew: answer.status == 201)
  }

  /// The studies in the order of their names.
  public func studies(_ page: PageRequest) async throws(StudyError) -> Page<ListedStudy> {
    let target = APIOperation.listStudies.path()
    return try await transport.send(Exchange(.listStudies, target, query: page.items), for: Page<ListedStudy>.self)
  }

  /// One study with its progress.
  public func study(_ name: String) async throws(StudyError) -> StudySummary {
    let summary = try await transport.send(
      Exchange(.getStudy, APIOperation.getStudy.path(name)), for: StudySummary.self)
    await spaces.keep(summary.study.definition.space, of: name)
    return summary
  }

  /// Changes state, budget or labels.
  ///
  /// With `revision`, only if the study still has that revision.
  public func update(
    _ name: String, _ patch: StudyPatch, revision: Int?
  ) async throws(StudyError) -> StudySummary {
    let target = APIOperation.updateStudy.path(name)
    return try await transport.send(
      Exchange(.updateStudy, target, body: patch, revision: revision), for: StudySummary.self)
  }

  /// Deletes a study with all its trials.
  ///
  /// With `revision`, only if the study still has that revision.
  public func delete(_ name: String, revision: Int?) async throws(StudyError) {
    try await transport.send(Exchange(.deleteStudy, APIOperation.deleteStudy.path(name), revision: revision))
    await spaces.forget(name)
  }

  /// The completed trial with the best objective among those that keep the outcome constraints; `nil` before there is
  /// one.
  public func best(_ study: String) async throws(StudyError) -> Trial? {
    let answer = try await transport.send(Exchange(.getBest, APIOperation.getBest.path(study)), for: BestAnswer.self)
    guard let trial = answer.trial else { return nil }
    return try await canonical(trial, of: study)
  }

  /// The completed trials that no other one is better than in every objective, by number.
  public func pareto(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<Trial> {
    var answer = try await transport.send(
      Exchange(.getPareto, APIOperation.getPareto.path(study), query: page.items), for: Page<Trial>.self)
    answer.elements = try await canonical(answer.elements, of: study)
    return answer
  }

  /// How the best value came about.
  public func history(_ study: String) async throws(StudyError) -> IncumbentHistory {
    try await transport.send(Exchange(.getHistory, APIOperation.getHistory.path(study)), for: IncumbentHistory.self)
  }

  /// The trials of a selection in its order.
  public func trials(
    _ study: String, _ selection: TrialSelection, _ page: PageRequest
  ) async throws(StudyError) -> Page<Trial> {
    let query = TrialsQuery(selection, page: page)
    var answer = try await transport.send(
      Exchange(.listTrials, APIOperation.listTrials.path(study), query: query.items), for: Page<Trial>.self)
    answer.elements = try await canonical(answer.elements, of: study)
    return answer
  }

  /// One trial, with its intermediate measurements.
  public func trial(_ study: String, _ number: TrialNumber) async throws(StudyError) -> Trial {
    let target = APIOperation.getTrial.path(study, "\(number)")
    return try await canonical(try await transport.send(Exchange(.getTrial, target), for: Trial.self), of: study)
  }

  /// What the tuner's model believes of the objective at these points, in units of the metric.
  ///
  /// It is not repeated when it fails: what took the server too long would only be computed again.
  public func predict(_ study: String, at points: [Parameters]) async throws(StudyError) -> Predictions {
    let exchange = Exchange(.predict, APIOperation.predict.path(study), body: PredictRequest(points: points))
    return try await transport.send(exchange, for: Predictions.self)
  }

  /// How much of a metric's variance over the search space is due to each parameter.
  ///
  /// Like a prediction, it is not repeated when it fails.
  public func importance(
    _ study: String, _ selection: ImportanceSelection
  ) async throws(StudyError) -> ImportanceReport {
    let exchange = Exchange(
      .getImportance, APIOperation.getImportance.path(study), query: ImportanceQuery(selection).items,
      isRepeatable: false)
    return try await transport.send(exchange, for: ImportanceReport.self)
  }
}
