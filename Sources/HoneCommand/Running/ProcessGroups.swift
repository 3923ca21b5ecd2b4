import Foundation

/// The process groups of the programs that run now, so that all of them can be killed at once.
final class ProcessGroups: Sendable {
  private let leaders = Guarded<Set<pid_t>>([])

  /// Notes a group by its leader's process identifier.
  func add(_ leader: pid_t) { _ = leaders.use { $0.insert(leader) } }

  /// Forgets a group.
  func remove(_ leader: pid_t) { _ = leaders.use { $0.remove(leader) } }

  /// Kills every process of every group.
  func killAll() {
    for leader in leaders.use({ $0 }) { Self.kill(leader) }
  }

  /// Kills what is left of a group.
  static func kill(_ leader: pid_t) { _ = Foundation.kill(-leader, SIGKILL) }

  /// Whether the leader has ended; answers without taking its status away from whoever waits for it.
  static func hasEnded(_ leader: pid_t) -> Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(leader), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
  }
}
