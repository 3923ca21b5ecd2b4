public import Instruments

/// What the engine counts about itself.
final class StudyInstruments: Sendable {
  /// From the arrival of an ask that handed out trials to its answer, by tuner.
  let asks = Labelled<Histogram> { Histogram() }
  /// Asks that needed new suggestions, by tuner, and by whether they found them ready.
  let ready = Labelled<Counter> { Counter() }
  /// Trials that were taken back, by reason.
  let lost = Labelled<Counter> { Counter() }

  /// Notes an ask that handed out trials.
  func noteAsk(of tuner: String, _ duration: Duration) { asks[tuner].note(duration) }

  /// Notes an ask that needed new suggestions.
  func noteNeed(of tuner: String, wasReady: Bool) { ready[tuner, wasReady ? "hit" : "miss"].add() }

  /// Notes a trial that was taken back.
  func noteLoss(_ reason: String) { lost[reason].add() }
}

extension StudyService {
  /// What the engine counts about itself.
  public var metrics: [MetricFamily] {
    [
      .histograms(
        "hone_ask_seconds", "From the arrival of an ask that handed out trials to its answer.", by: ["tuner"],
        instruments.asks),
      .counters(
        "hone_ready_suggestions_total",
        "Asks that needed new suggestions, by whether they found them ready or had to wait for them.",
        by: ["tuner", "result"], instruments.ready),
      .counters(
        "hone_lost_trials_total", "Trials that were taken back because their lease or their time had ended.",
        by: ["reason"], instruments.lost),
      .gauge("hone_computations_waiting", "Computations of suggestions that wait for a thread.") { [pool] in
        Double(pool.waitingCount)
      },
    ]
  }
}
