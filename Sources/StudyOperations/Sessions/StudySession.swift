import Dispatch
import TuningModel

/// One study in memory: takes its steps one after another and keeps what it knows equal to what is stored.
///
/// A step reads the roster, drafts a change, has it stored, and only then takes it up; whatever goes wrong before
/// leaves no trace, and after a failed commit the session reads the study again. Asks queue among themselves, so that
/// results are taken while an ask computes suggestions.
actor StudySession {
  let name: String
  let store: any StudyStore
  let catalog: TunerCatalog
  let clock: any StudyClock
  /// Where suggestions are computed.
  let pool: ComputePool
  /// Where tuners are made and events folded, which is never to wait for the suggestions of another study.
  let chores: ComputePool
  /// What the service awaits before it stops: requests, and computations that have begun.
  let underWay: DispatchGroup
  let instruments: StudyInstruments
  /// Where those who watch the study hear of what was committed.
  let board: WatchBoard

  /// What is known of the study; `nil` before it is read, and after something went wrong.
  private(set) var loaded: Loaded?
  private var steps = StepQueue()
  private var asks = StepQueue()
  /// Whether the study was deleted through this session.
  private var isDeleted = false
  /// The deadlines that are known while the study is not.
  private(set) var keptTerms: LeaseTerms
  /// Small writes that wait for the next step to carry them out together.
  var gathered: [GatheredWrite] = []
  var snapshotPace = SnapshotPace()
  /// The last snapshot that was written in the background, or is being written.
  var snapshotTask: Task<Void, Never>?

  /// The suggestions that are ready; those of an older model too, until there are newer ones.
  var ready: ReadySuggestions?
  /// The computation of suggestions that is under way, and the task that takes up its outcome.
  var preparation: Preparation?
  var preparationTask: Task<Void, Never>?
  /// The ask that waits for suggestions; there is one at most, since asks take turns.
  var awaited: AwaitedSuggestions?
  var demand = Demand()
  /// The event that suggestions computed before anybody asks have to know; `nil` where none are to be computed, such as
  /// before the first ask or result.
  var owed: Int?
  /// Suggestions that do not know this event rest on what was corrected or excluded since.
  var firstSoundHistory = 0
  var isStopping = false
  /// Whether lost trials are being taken back, or that waits for its turn.
  var isSweeping = false

  struct Loaded: Sendable {
    var roster: Roster
    var fold: Fold

    /// The last event that suggestions have to know to be current: the last result, in a reproducible study the last of
    /// all.
    var lastToKnow: Int {
      roster.study.definition.tuner.reproducible ? roster.stored.lastSequence : fold.lastResult
    }
  }

  /// - Parameters:
  ///   - terms: the deadlines of trials under way, as far as they are known already.
  ///   - underWay: what the service awaits before it stops.
  init(
    _ name: String, terms: LeaseTerms, store: any StudyStore, catalog: TunerCatalog, clock: any StudyClock,
    pool: ComputePool, chores: ComputePool, underWay: DispatchGroup, instruments: StudyInstruments, board: WatchBoard
  ) {
    self.name = name
    keptTerms = terms
    self.store = store
    self.catalog = catalog
    self.clock = clock
    self.pool = pool
    self.chores = chores
    self.underWay = underWay
    self.instruments = instruments
    self.board = board
  }

  /// Ends when all that was asked of the session so far is done.
  func finish() async {
    await asks.last?.value
    await steps.last?.value
    await snapshotTask?.value
  }

  /// Ends when nothing is left to prepare.
  func finishPreparing() async {
    while preparation != nil { await preparationTask?.value }
  }

  /// Writes a snapshot where nothing is under way, so that the session can be let go of.
  ///
  /// - Returns: whether nothing is under way: no lease runs, nothing is computed.
  func rest() async -> Bool {
    await finish()
    if preparation != nil || (loaded?.roster.underWayCount ?? 0) > 0 || !keptTerms.isEmpty { return false }
    await keepSnapshot()
    return true
  }

  /// Whether nothing is waiting or under way after the step that asks.
  private func isIdle(after arrivals: Int) -> Bool { steps.count == arrivals }
}

// MARK: Steps

extension StudySession {
  /// How often a step is tried again when somebody else has changed the study meanwhile.
  private static let attempts = 32

  typealias Step<Result> = @Sendable (isolated StudySession) async throws(StudyError) -> Result

  /// Runs one step in turn on the study as it is stored, after what was lost when the step arrived was taken back.
  ///
  /// - Parameter arrival: the monotonic time at which it was asked for; now where left out. However long it waits for its
  ///   turn, it comes in time for a lease that had not ended then.
  func step<Answer: Sendable>(
    unless note: CancellationNote? = nil, arrival: UInt64? = nil, _ body: @escaping Step<Answer>
  ) async throws(StudyError) -> Answer {
    let arrival = arrival ?? clock.monotonicNanoseconds
    return try await inTurn(unless: note) { session throws(StudyError) in
      var attempt = 1
      while true {
        do throws(StudyError) {
          try await session.load()
          try await session.takeBackLostTrials(at: arrival)
          return try await body(session)
        } catch {
          // A commit that failed has dropped what was known; the user's own conflict of revisions has not.
          guard error.code == .revisionConflict, session.loaded == nil else { throw error }
          if attempt == Self.attempts {
            throw StudyError(.unavailable, "The study \"\(session.name)\" is being changed by others; try again.")
          }
          attempt += 1
        }
      }
    }
  }

  /// Runs one step in turn without reading the study first.
  func inTurn<Answer: Sendable>(
    unless note: CancellationNote? = nil, _ body: @escaping Step<Answer>
  ) async throws(StudyError) -> Answer {
    let task = steps.append { [self] in await outcome(unless: note, body) }
    let arrivals = steps.count
    let answer = await task.value
    if isIdle(after: arrivals) { snapshotWhenDue() }
    return try answer.get()
  }

  /// Runs an ask in turn with other asks, not with other steps.
  func inTurnOfAsks<Answer: Sendable>(
    unless note: CancellationNote, _ body: @escaping Step<Answer>
  ) async throws(StudyError) -> Answer {
    try await asks.append { [self] in await outcome(unless: note, body) }.value.get()
  }

  /// Does something that can still be given up by its caller before it begins, or while it waits for suggestions.
  func notingCancellation<Answer: Sendable>(
    _ body: (CancellationNote) async throws(StudyError) -> Answer
  ) async throws(StudyError) -> Answer {
    let note = CancellationNote()
    let answer = await withTaskCancellationHandler {
      do throws(StudyError) {
        return Result<Answer, StudyError>.success(try await body(note))
      } catch {
        return .failure(error)
      }
    } onCancel: {
      note.cancel()
      Task { await giveUpSuggestions() }
    }
    return try answer.get()
  }

  private func outcome<Answer: Sendable>(
    unless note: CancellationNote?, _ body: Step<Answer>
  ) async -> Result<Answer, StudyError> {
    do throws(StudyError) {
      try note?.check()
      if isDeleted { throw .noStudy(name) }
      return .success(try await body(self))
    } catch {
      return .failure(error)
    }
  }
}

// MARK: Knowledge

extension StudySession {
  /// Reads the study unless it is known.
  private func load() async throws(StudyError) {
    if loaded != nil { return }
    guard let stored = try await store.roster(named: name) else {
      keptTerms = LeaseTerms()
      throw .noStudy(name)
    }
    let fold = try await fold(of: stored.study)
    loaded = Loaded(roster: Roster(stored, terms: keptTerms, clock: clock), fold: fold)
    keptTerms = LeaseTerms()
  }

  /// What is known, inside a step.
  var known: Loaded {
    get throws(StudyError) {
      guard let loaded else { throw .noStudy(name) }
      return loaded
    }
  }

  /// A change that starts from what is known.
  func draft() throws(StudyError) -> Draft { Draft(try known.roster, clock: clock) }

  /// Stores a change and then takes it up; a draft without events only renews leases and is not stored.
  ///
  /// - Parameter answer: what the caller is going to be told, to be kept with the change where the write may be repeated.
  func commit(_ draft: Draft, answering answer: StudyAnswer? = nil) async throws(StudyError) {
    try await RepeatableWrite.keeping(draft.events.isEmpty ? nil : answer, at: draft.now) { (kept) throws(StudyError) in
      try await commit(draft, keeping: kept.map { [$0] } ?? [])
    }
  }

  /// The same, with the answers of all writes that the change consists of, as they are to be kept.
  func commit(_ draft: Draft, keeping answers: [KeptAnswer]) async throws(StudyError) {
    if !draft.events.isEmpty {
      do throws(StudyError) {
        var change = draft.change
        change.answers = answers
        try await store.commit(change)
        board.note(change.study)
      } catch {
        forget()
        throw error
      }
    }
    loaded?.roster = draft.roster
    loaded?.fold.observe(draft.events)
  }

  /// Drops what is known, but for the deadlines of leases, so that the next step reads the study again.
  private func forget() {
    keptTerms = loaded.map { LeaseTerms($0.roster) } ?? keptTerms
    loaded = nil
    discardSuggestions()
  }

  /// Ends the session of a study that is no more.
  func markDeleted() {
    isDeleted = true
    loaded = nil
    keptTerms = LeaseTerms()
    discardSuggestions()
  }
}
