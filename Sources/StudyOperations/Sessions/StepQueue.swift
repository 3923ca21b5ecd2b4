/// Runs steps one after another, in order of arrival.
///
/// Each step runs in a task of its own: a caller that is cancelled neither breaks the queue nor leaves half a step.
struct StepQueue: Sendable {
  private var tail: Task<Void, Never>?
  private var arrivals = 0

  /// Places a step at the end.
  ///
  /// - Returns: the task that runs it once those before are done.
  mutating func append<Result: Sendable>(_ step: @escaping @Sendable () async -> Result) -> Task<Result, Never> {
    let task = Task { [tail] in
      await tail?.value
      return await step()
    }
    tail = Task { _ = await task.value }
    arrivals += 1
    return task
  }

  /// How many steps have been placed so far.
  var count: Int { arrivals }

  /// Ends when all steps placed so far are done.
  var last: Task<Void, Never>? { tail }
}
