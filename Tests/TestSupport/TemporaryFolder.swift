package import Foundation

/// A folder that goes with its last user.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("hone-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Copies those of the files that are there.
  package func copy(_ names: [String], to other: TemporaryFolder) throws {
    for name in names where FileManager.default.fileExists(atPath: path(name)) {
      try FileManager.default.copyItem(atPath: path(name), toPath: other.path(name))
    }
  }
}
