import SocketHTTP
import TuningAPI
import TuningModel

extension HTTPResponse {
  /// The answer to a write, whether it is given for the first time or again.
  init(_ answer: StudyAnswer) {
    switch answer {
    case .created(let created):
      self = .study(created.summary, status: created.isNew ? .created : .ok)
      headers["Location"] = APIOperation.getStudy.path(created.summary.study.name)
    case .updated(let summary): self = .study(summary)
    case .deleted: self = HTTPResponse(.noContent)
    case .asked(let answer):
      self = .json(answer)
      if answer.trials.isEmpty, let seconds = answer.shortfall?.retryAfterSeconds {
        headers["Retry-After"] = "\(seconds)"
      }
    case .reported(let decision): self = .json(ReportAnswer(decision))
    case .trial(let trial): self = .trial(trial)
    case .told(let trials): self = .json(TrialList(trials))
    case .enqueued(let trials): self = .json(TrialList(trials), status: .created)
    }
  }

  /// A study with its revision.
  static func study(_ summary: StudySummary, status: HTTPStatus = .ok) -> HTTPResponse {
    .json(summary, status: status, headers: ["ETag": EntityTag.text(summary.study.revision)])
  }

  /// A trial, with its revision unless somebody holds it: heartbeats then change it though nothing is stored.
  static func trial(_ trial: Trial) -> HTTPResponse {
    .json(trial, headers: trial.lease == nil ? ["ETag": EntityTag.text(trial.revision)] : [:])
  }
}

extension HTTPResponse {
  /// What is kept of an answer.
  var kept: KeptAnswer.Content {
    KeptAnswer.Content(
      status: status.code, headers: Dictionary(headers.fields.map { ($0.name, $0.value) }) { first, _ in first },
      body: body.whole ?? [])
  }

  /// An answer that was kept.
  init(_ kept: KeptAnswer.Content) {
    self.init(HTTPStatus(kept.status), body: .bytes(kept.body))
    for (name, value) in kept.headers.sorted(by: { $0.key < $1.key }) { headers[name] = value }
  }
}
