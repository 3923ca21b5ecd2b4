import TuningModel

/// Reports the intermediate measurements of one trial in their order while its program runs on.
final class StepReporter: Sendable {
  /// Opens when the trial is to be stopped.
  let stop = Gate()

  private let waiting = Guarded(0)
  private let queue: AsyncStream<Measurement>.Continuation
  private let work: Task<Void, Never>

  /// A program that reports faster than the studies take it up has to wait at so many.
  private static let mostWaiting = 1_000

  /// Starts to report.
  ///
  /// - Parameters:
  ///   - send: reports one measurement.
  ///   - refused: hears of the first measurement that was not taken.
  init(
    _ send: @escaping @Sendable (Measurement) async throws(StudyError) -> Decision,
    refused: @escaping @Sendable (Measurement, StudyError) -> Void
  ) {
    let (measurements, queue) = AsyncStream<Measurement>.makeStream()
    self.queue = queue
    let (stop, waiting) = (stop, waiting)
    // A task of its own, which stopping the program does not cancel.
    work = Task {
      var (isOver, hasRefused) = (false, false)
      for await measurement in measurements {
        if !isOver {
          do throws(StudyError) {
            if try await send(measurement) == .stop {
              isOver = true
              stop.open()
            }
          } catch {
            // What is wrong with one need not be with the next; a trial that is no longer ours is left alone.
            if error.meansLeaseLost { isOver = true } else if !hasRefused { refused(measurement, error) }
            hasRefused = true
          }
        }
        waiting.use { $0 -= 1 }
      }
    }
  }

  /// Takes measurements to be reported.
  @Sendable func take(_ measurements: [Measurement]) async {
    waiting.use { $0 += measurements.count }
    for measurement in measurements { queue.yield(measurement) }
    while waiting.use({ $0 }) > Self.mostWaiting { try? await Task.sleep(for: .milliseconds(20)) }
  }

  /// Ends when everything is reported.
  func finish() async {
    queue.finish()
    await work.value
  }
}
