import TuningModel

/// One line that shows how far a run is.
package struct ProgressLine: Sendable {
  /// What was done.
  package var tally: RunTally
  /// How many trials this run will finish; `nil` where nobody knows.
  package var total: Int?
  /// How long it has taken.
  package var elapsed: Duration

  /// Creates a line.
  package init(_ tally: RunTally, total: Int?, elapsed: Duration) {
    self.tally = tally
    self.total = total
    self.elapsed = elapsed
  }

  /// The line, at most so many columns wide.
  package func text(width: Int) -> String {
    let done = tally.finishedCount
    var text = ""
    if let total, total > 0 {
      let filled = min(20, done * 20 / total)
      text = "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: 20 - filled))] \(done)/\(total)"
    } else {
      text = "\(done) done"
    }
    if let metric = tally.metric, let best = tally.best, let value = best.measurement?.metrics[metric] {
      text += "  best \(metric) \(NumberText.short(value)) (trial \(best.number))"
    }
    if let pruned = tally.finished[.pruned] { text += "  \(pruned) pruned" }
    if let failed = tally.finished[.failed] { text += "  \(failed) failed" }
    text += "  \(tally.running) running  \(NumberText.duration(elapsed))"
    return String(text.prefix(max(0, width)))
  }
}
