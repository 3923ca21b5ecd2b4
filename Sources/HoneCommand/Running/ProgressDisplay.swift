import TuningModel

/// Shows on standard error how a run goes: a bar that moves on a terminal, else one line for each trial that ends.
final class ProgressDisplay: Sendable {
  private struct State {
    var tally: RunTally
    var hasBar = false
  }

  private let state: Guarded<State>
  private let total: Int?
  private let terminal: Terminal
  private let isInteractive: Bool
  private let start = ContinuousClock.now

  init(_ tally: RunTally, total: Int?, terminal: Terminal = .errors) {
    state = Guarded(State(tally: tally))
    self.total = total
    self.terminal = terminal
    isInteractive = terminal.isInteractive
  }

  /// What the run has done so far.
  var tally: RunTally { state.use(\.tally) }

  /// Takes in what happened to a trial, with a line that says so; people at a bar see only the lines that `matter`.
  func record(_ step: RunTally.Step, _ line: String? = nil, matters: Bool = false) {
    state.use { state in
      state.tally.record(step)
      if let line, matters || !isInteractive { show(line, &state) }
      draw(&state)
    }
  }

  /// Says something that is not about the count.
  func say(_ line: String) {
    state.use { state in
      show(line, &state)
      draw(&state)
    }
  }

  /// Draws the bar again, for the time that has passed.
  func refresh() { state.use { draw(&$0) } }

  /// Takes the bar away.
  func end() { state.use { clear(&$0) } }

  private func show(_ line: String, _ state: inout State) {
    clear(&state)
    terminal.write(line + "\n")
  }

  private func clear(_ state: inout State) {
    if state.hasBar { terminal.write("\r\u{1B}[K") }
    state.hasBar = false
  }

  private func draw(_ state: inout State) {
    guard isInteractive else { return }
    let line = ProgressLine(state.tally, total: total, elapsed: start.duration(to: .now))
    terminal.write("\r" + line.text(width: terminal.width - 1) + "\u{1B}[K")
    state.hasBar = true
  }
}
