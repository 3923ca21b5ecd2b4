import Foundation

/// What a folder is kept by.
package struct FileSystemKind: Hashable, Sendable {
  /// What keeping a database there means.
  package enum Suitability: Hashable, Sendable {
    case good
    /// Locks and flushes may not do what SQLite needs.
    case network
    /// Gone at the next start of the machine.
    case memory
    /// Gone with the container.
    case layered
  }

  /// The name, as Linux has it.
  package var name: String

  /// What keeping a database there means.
  package var suitability: Suitability {
    if Self.network.contains(name) || name.hasPrefix("fuse") { return .network }
    switch name {
    case "tmpfs", "ramfs": return .memory
    case "overlay", "aufs": return .layered
    default: return .good
    }
  }

  /// File systems over a network, or shared by several machines.
  private static let network: Set = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "gpfs", "afs", "beegfs", "gfs2", "ocfs2",
    "glusterfs",
    "virtiofs",
  ]

  /// The kind that a folder is on.
  ///
  /// - Parameters:
  ///   - folder: an absolute path without symbolic links.
  ///   - mounts: the text of `/proc/self/mountinfo`.
  /// - Returns: `nil` where no mount holds the folder.
  package init?(of folder: String, mounts: String) {
    var best: (point: String, kind: String)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
      // Blanks in paths stand as octal numbers.
      let point = String(fields[4]).replacing("\\040", with: " ")
      let holds = point == "/" || folder == point || folder.hasPrefix(point + "/")
      // Of several on one point the last one is seen.
      if holds && point.utf8.count >= best?.point.utf8.count ?? 0 { best = (point, String(fields[dash + 1])) }
    }
    guard let best else { return nil }
    name = best.kind
  }

  /// The kind that a folder of this machine is on; `nil` where the system does not say.
  init?(of folder: String) {
    self.init(of: folder, mounts: SystemFile.text("/proc/self/mountinfo"))
  }
}
