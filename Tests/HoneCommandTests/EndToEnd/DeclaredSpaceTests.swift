import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct DeclaredSpaceTests {
  private static func run(
    _ bench: borrowing Workbench, _ options: [String], _ command: [String]
  ) async throws -> RunningCommand.Ending {
    try await RunningCommand(
      ["run", "quick", "--db", bench.database] + options + ["--"] + command,
      environment: ["TMPDIR": bench.folder.path], in: bench.folder
    ).ending()
  }

  private static let script = [
    "/bin/sh", "-c", #"echo "hone: {\"loss\": $2}""#, "sh", "--x~uniform(0, 1, default=0.5)",
  ]

  @Test("A run makes the study that its command declares, and goes on with it")
  func made() async throws {
    let bench = try Workbench()
    for count in [2, 4] {
      let ending = try await Self.run(bench, ["--goal", "minimize:loss", "--max-trials", "2"], Self.script)
      #expect(ending.status == 0, "\(ending.errors)")
      guard case .array(let trials)? = try await bench.json("trial", "list", "quick")["trials"] else { return }
      #expect(trials.states == Array(repeating: "completed", count: count))
      #expect(trials[0]["metrics"]?["loss"] == 0.5)
    }
  }

  @Test("Without a goal there is no study to make, and another space is a conflict")
  func refused() async throws {
    let bench = try Workbench()
    #expect(try await Self.run(bench, [], Self.script).status == 2)
    #expect(try await Self.run(bench, ["--goal", "minimize:loss", "--max-trials", "1"], Self.script).status == 0)
    #expect(try await Self.run(bench, [], ["true", "{x~uniform(0, 2)}"]).status == 4)
    #expect(try await Self.run(bench, ["--goal", "maximize:loss"], Self.script).status == 4)
    #expect(try await Self.run(bench, [], ["true", "{x~uniform(0)}"]).status == 2)
  }

  @Test("Metrics are read off lines of the program's own form, the last one counting")
  func patterns() async throws {
    let bench = try Workbench()
    let ending = try await Self.run(
      bench, ["--goal", "minimize:loss", "--max-trials", "1", "--metric-regex", "loss=loss ([0-9.]+)"],
      ["/bin/sh", "-c", "echo loss 3; echo loss 0.25; echo done", "sh", "{x~uniform(0, 1)}"])
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.json("best", "quick")["trial"]?["metrics"]?["loss"] == 0.25)
  }

  @Test("Each slot sees a graphics processor of its own")
  func devices() async throws {
    let bench = try Workbench()
    let ending = try await Self.run(
      bench, ["--goal", "minimize:loss", "--max-trials", "6", "--gpus", "3,5"],
      // Long enough that neither slot takes all.
      ["/bin/sh", "-c", #"sleep 0.3; echo "hone: {\"loss\": $CUDA_VISIBLE_DEVICES}""#, "sh", "{x~uniform(0, 1)}"])
    #expect(ending.status == 0, "\(ending.errors)")
    guard case .array(let trials)? = try await bench.json("trial", "list", "quick")["trials"] else { return }
    var devices: [String: Set<JSONValue>] = [:]
    for trial in trials {
      guard case .string(let worker)? = trial["worker"], let device = trial["metrics"]?["loss"] else { continue }
      devices[worker, default: []].insert(device)
    }
    #expect(devices.count == 2)
    #expect(devices.values.allSatisfy { $0.count == 1 })
    #expect(Set(devices.values.joined()) == [3, 5])
  }

  @Test("A trial whose program somebody ends by SIGTERM is given back and tried again")
  func foreignSignal() async throws {
    let bench = try Workbench()
    let mark = bench.path("mark")
    let ending = try await Self.run(
      bench, ["--goal", "minimize:loss", "--max-trials", "1"],
      [
        "/bin/sh", "-c", #"if [ ! -e "$1" ]; then touch "$1"; kill -TERM $$; fi; echo "hone: {\"loss\": 1}""#, "sh",
        mark,
        "{x~uniform(0, 1)}",
      ])
    #expect(ending.status == 0, "\(ending.errors)")
    guard case .array(let trials)? = try await bench.json("trial", "list", "quick")["trials"] else { return }
    #expect(trials.states == ["completed"])
    #expect(trials[0]["attempt"] == 2)
  }
}
