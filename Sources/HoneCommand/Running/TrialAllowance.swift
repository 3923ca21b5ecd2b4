/// How many trials a run may still finish.
actor TrialAllowance {
  private var free: Int?
  private var reserved = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Creates an allowance of so many trials; `nil` for no limit.
  init(_ count: Int?) { free = count }

  /// Reserves one trial, waiting for those under way where all that are left are reserved.
  ///
  /// - Returns: whether there is one; `false` when all have been used.
  func reserve() async -> Bool {
    while free == 0 && reserved > 0 {
      await withCheckedContinuation { waiting.append($0) }
    }
    if free == 0 { return false }
    free = free.map { $0 - 1 }
    reserved += 1
    return true
  }

  /// Settles a reservation: the trial was finished, or it was not and may be tried again.
  func settle(finished: Bool) {
    reserved -= 1
    if !finished { free = free.map { $0 + 1 } }
    let continuations = waiting
    waiting = []
    for continuation in continuations { continuation.resume() }
  }
}
