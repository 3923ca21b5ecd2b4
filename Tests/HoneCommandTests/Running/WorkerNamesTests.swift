import Foundation
import HoneCommand
import Testing

struct WorkerNamesTests {
  private static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-names-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("Slots are numbered from 1, the same after a restart")
  func numbering() throws {
    try Self.inFolder { folder in
      for _ in 1...2 {
        let workers = try WorkerNames(3, prefix: "w", study: "s", place: "p", folder: folder)
        #expect(workers.names == ["w-1", "w-2", "w-3"])
      }
    }
  }

  @Test("Two runs of one study never share a name; other studies and places have names of their own")
  func exclusion() throws {
    try Self.inFolder { folder in
      let first = try WorkerNames(2, prefix: "w", study: "s", place: "p", folder: folder)
      let second = try WorkerNames(2, prefix: "w", study: "s", place: "p", folder: folder)
      let other = try WorkerNames(1, prefix: "w", study: "t", place: "p", folder: folder)
      let elsewhere = try WorkerNames(1, prefix: "w", study: "s", place: "q", folder: folder)
      withExtendedLifetime(first) {
        #expect(second.names == ["w-3", "w-4"])
        #expect(other.names == ["w-1"])
        #expect(elsewhere.names == ["w-1"])
      }
    }
  }

  @Test("Where nobody gives a name it is the host's, which the engine accepts")
  func hostName() throws {
    try Self.inFolder { folder in
      let name = try #require(WorkerNames(1, prefix: nil, study: "s", place: "p", folder: folder).names.first)
      #expect(name.hasSuffix("-1"))
      #expect(name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil)
    }
  }
}
