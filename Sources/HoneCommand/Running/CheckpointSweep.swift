import Foundation
import TuningModel

/// Deletes the states of a population that nothing goes on from any more, and tells the study so.
///
/// Several runs may share a folder: what another one has deleted is gone, and saying so again is harmless.
actor CheckpointSweep {
  private let client: any StudyClient
  private let study: String
  private let folder: CheckpointFolder
  private let display: ProgressDisplay
  /// Where the first state is that is still there; those before it were deleted.
  private var start: String?
  private var isSweeping = false
  private var lastSweep: ContinuousClock.Instant?
  private var isNeeded = false
  private var hasComplained = false

  /// So long at least passes between two sweeps, each of which reads the list.
  private static let pause = Duration.seconds(5)

  init(client: any StudyClient, study: String, folder: CheckpointFolder, display: ProgressDisplay) {
    self.client = client
    self.study = study
    self.folder = folder
    self.display = display
  }

  /// Notes that a trial has left a state, and sweeps where the last time is a while ago.
  func noteState() async {
    isNeeded = true
    if let lastSweep, lastSweep.duration(to: .now) < Self.pause { return }
    await sweep()
  }

  /// Sweeps a last time, where there may be anything.
  func finish() async {
    if isNeeded { await sweep() }
  }

  private func sweep() async {
    if isSweeping { return }
    isSweeping = true
    defer { isSweeping = false }
    (isNeeded, lastSweep) = (false, .now)
    do throws(StudyError) {
      var token = start
      var isPrefix = true
      repeat {
        let page = try await client.checkpoints(study, PageRequest(size: 1_000, token: token))
        // Said first, deleted then: the study refuses what it has come to want since the page was read.
        let unwanted = page.elements.filter { $0.state == .collectable && folder.holds($0.checkpoint) }
        for first in stride(from: 0, to: unwanted.count, by: 100) {
          try await client.noteDeleted(
            study, unwanted[first..<min(first + 100, unwanted.count)].map(\.checkpoint))
        }
        // Those said to be gone earlier are looked at again: a run may have ended between the two.
        let settled = page.elements.filter { element in
          if folder.holds(element.checkpoint) {
            element.state != .pinned && folder.delete(element.checkpoint)
          } else {
            element.state == .deleted
          }
        }
        isPrefix = isPrefix && settled.count == page.elements.count
        token = page.nextToken
        if isPrefix, let token { start = token }
      } while token != nil
    } catch {
      // The states are deleted another time; the trials matter more.
      if !hasComplained { display.say("hone: states that are not wanted any more were not deleted: \(error.message)") }
      hasComplained = true
    }
  }
}
