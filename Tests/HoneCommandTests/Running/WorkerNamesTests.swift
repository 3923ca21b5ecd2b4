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
        let workers = try WorkerNames(3, prefix: "w", study: "s", folder: folder)
        #expect(workers.names == ["w-1", "w-2", "w-3"])
      }
    }
  }

  @Test("Two runs of one study never share a name; other studies have names of their own")
  func exclusion() throws {
    try Self.inFolder { folder in
      let first = try WorkerNames(2, prefix: "w", study: "s", folder: folder)
      let second = try WorkerNames(2, prefix: "w", study: "s", folder: folder)
      let other = try WorkerNames(1, prefix: "w", study: "t", folder: folder)
      withExtendedLifetime(first) {
        #expect(second.names == ["w-3", "w-4"])
        #expect(other.names == ["w-1"])
      }
    }
  }

  @Test("Users and containers that share a host's name have names of their own, the same after a restart")
  func identity() throws {
    try Self.inFolder { first in
      try Self.inFolder { second in
        let name = try WorkerNames(1, prefix: nil, study: "s", folder: first).names
        #expect(try WorkerNames(1, prefix: nil, study: "s", folder: first).names == name)
        // One draw in 61,440 is the same by chance; four of them never are.
        let others = try (0..<4).map {
          try WorkerNames(1, prefix: nil, study: "s", folder: second.appendingPathExtension("\($0)")).names
        }
        #expect(others.contains { $0 != name })
      }
    }
  }

  @Test("Where nobody gives a name it is the host's, which the engine accepts")
  func hostName() throws {
    try Self.inFolder { folder in
      let name = try #require(WorkerNames(1, prefix: nil, study: "s", folder: folder).names.first)
      #expect(name.hasSuffix("-1"))
      #expect(name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil)
    }
  }
}
