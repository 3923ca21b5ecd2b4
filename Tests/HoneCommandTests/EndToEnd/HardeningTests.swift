import Foundation
import HoneClient
import SQLiteStorage
import Testing
import TuningModel

@Suite("A server in bad circumstances", .timeLimit(.minutes(2)))
struct HardeningTests {
  /// A server on a port that the system chose, and a client that sends everything once.
  private static func serve(_ database: String) async throws -> (RunningCommand, address: String, RemoteStudyClient) {
    let server = try RunningCommand(["serve", "--db", database, "--port", "0", "--log-level", "critical"])
    #expect(await server.output.shows("\n"))
    let line = await server.output.shown
    let address = String(try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).0)
    return (server, address, RemoteStudyClient(server: try #require(URL(string: address)), retries: .never))
  }

  private static let limiter = "/usr/bin/prlimit"

  /// Lets no file of a process grow beyond so many bytes, which fails writes as a full disk or a quota does.
  private static func limitFileSize(of process: Int32, to bytes: Int?) throws {
    let tool = try Process.run(
      URL(fileURLWithPath: limiter),
      arguments: ["--pid", "\(process)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):unlimited"])
    tool.waitUntilExit()
    try #require(tool.terminationStatus == 0)
  }

  @Test(
    "Without room every write is refused and said to be so, nothing acknowledged is lost, and all goes on with room",
    .enabled(if: FileManager.default.isExecutableFile(atPath: limiter), "Needs prlimit of util-linux."))
  func fullDisk() async throws {
    let bench = try Workbench()
    let (server, address, client) = try await Self.serve(bench.database)
    try await bench.create(at: ["--server", address])
    let log = try FileManager.default.attributesOfItem(atPath: bench.database + "-wal")[.size] as? Int ?? 0
    try Self.limitFileSize(of: server.identifier, to: log + 100_000)
    var acknowledged: [Int: Double] = [:]
    var refusals: [StudyError] = []
    while refusals.count < 5 {
      do throws(StudyError) {
        guard let trial = try await client.ask("s", AskRequest(worker: "w")).trials.first else { break }
        _ = try await client.tell("s", trial.number, .metrics(["loss": Double(trial.number)]))
        acknowledged[trial.number] = Double(trial.number)
      } catch {
        refusals.append(error)
      }
    }
    #expect(refusals.allSatisfy { $0.code == .storageFull })
    #expect(
      refusals.last?.message.contains("no room") == true && refusals.last?.message.contains(bench.database) == false)
    #expect(!acknowledged.isEmpty)
    // Reading goes on.
    #expect(try await client.study("s").counts[.completed] == acknowledged.count)

    try Self.limitFileSize(of: server.identifier, to: nil)
    for _ in 0..<5 {
      let trial = try #require(try await client.ask("s", AskRequest(worker: "w")).trials.first)
      _ = try await client.tell("s", trial.number, .metrics(["loss": Double(trial.number)]))
      acknowledged[trial.number] = Double(trial.number)
    }
    server.send(SIGTERM)
    #expect(await server.ending().status == 0)
    try await expect(acknowledged, in: bench)
  }

  /// Every acknowledged result is in the database, and the database is sound.
  private func expect(_ acknowledged: [Int: Double], in bench: borrowing Workbench) async throws {
    let losses = Dictionary(
      uniqueKeysWithValues: try await bench.trials().compactMap { trial -> (Int, Double)? in
        guard case .number(let number)? = trial["number"], case .number(let loss)? = trial["metrics"]?["loss"] else {
          return nil
        }
        return (Int(number), loss)
      })
    #expect(acknowledged.allSatisfy { losses[$0.key] == $0.value })
    let check = try await RunningCommand.run("db", "check", bench.database)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test("A server that is stopped under load leaves with status 0, and what it acknowledged is kept")
  func stoppedUnderLoad() async throws {
    let bench = try Workbench()
    let (server, address, client) = try await Self.serve(bench.database)
    try await bench.create(at: ["--server", address])
    let acknowledged = Acknowledged()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          // Until the server is gone, or gives nothing any more.
          while let answer = try? await client.ask("s", AskRequest(worker: "w\(worker)")),
            let trial = answer.trials.first
          {
            let loss = Double(trial.number)
            guard (try? await client.tell("s", trial.number, .metrics(["loss": loss]))) != nil else { return }
            if await acknowledged.note(trial.number, loss) == 100 { server.send(SIGTERM) }
          }
        }
      }
      try await group.waitForAll()
    }
    // It would be ended by its own deadline of ten seconds with another status.
    #expect(await server.ending().status == 0)
    let told = await acknowledged.told
    #expect(told.count >= 100)
    try await expect(told, in: bench)
  }

  /// Runs `hone` as nobody, since root may write everywhere; as this user where that is not root.
  private static func unprivileged(_ arguments: [String]) throws -> (status: Int32, errors: String) {
    let process = Process()
    let errors = Pipe()
    let isRoot = geteuid() == 0
    process.executableURL = isRoot ? URL(fileURLWithPath: "/usr/bin/setpriv") : RunningCommand.executable
    let drop = ["--reuid=65534", "--regid=65534", "--clear-groups", RunningCommand.executable.path]
    process.arguments = (isRoot ? drop : []) + arguments
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private static var canDropPrivileges: Bool { (try? unprivileged(["--version"]).status) == 0 }

  @Test(
    "A file or a folder that may only be read is refused at opening, with what is to be done",
    .enabled(if: canDropPrivileges, "Root can write everywhere, and cannot become somebody else here."))
  func readOnly() async throws {
    let bench = try Workbench()
    try await bench.create()
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: bench.folder.path)
    try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: bench.database)
    let file = try Self.unprivileged(["serve", "--db", bench.database, "--port", "0"])
    #expect(file.status == 1 && file.errors.contains("The file \(bench.database) cannot be written"))
    try files.setAttributes([.posixPermissions: 0o666], ofItemAtPath: bench.database)
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: bench.folder.path)
    let folder = try Self.unprivileged(["serve", "--db", bench.database, "--port", "0"])
    #expect(folder.status == 1 && folder.errors.contains("The folder \(bench.folder.path) cannot be written"))
    let doctor = try Self.unprivileged(["doctor", "--db", bench.database])
    #expect(doctor.status == 1)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bench.folder.path)
  }
}

/// Results that were acknowledged, by trial.
private actor Acknowledged {
  private(set) var told: [Int: Double] = [:]

  /// Notes one and answers how many there are.
  func note(_ number: Int, _ loss: Double) -> Int {
    told[number] = loss
    return told.count
  }
}
