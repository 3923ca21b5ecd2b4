import Foundation
import SQLiteStorage
import Testing
import TuningModel

@Suite("hone db and hone doctor", .timeLimit(.minutes(2)))
struct DatabaseCommandTests {
  @Test(
    "Each has help with an example",
    arguments: [["db", "check"], ["db", "backup"], ["db", "restore"], ["db", "migrate"], ["doctor"]])
  func help(subcommand: [String]) async throws {
    let ending = try await RunningCommand(subcommand + ["--help"]).ending()
    #expect(ending.status == 0 && ending.output.contains("EXAMPLE"))
  }

  @Test("A database that is not there has exit status 3", arguments: [["check"], ["backup", "b.db"], ["migrate"]])
  func missing(arguments: [String]) async throws {
    let bench = try Workbench()
    let rest = arguments.dropFirst().map { bench.path($0) }
    let ending = try await RunningCommand(["db", arguments[0], bench.database] + rest).ending()
    #expect(ending.status == 3)
    #expect(!FileManager.default.fileExists(atPath: bench.database))
  }

  @Test("A database is checked, backed up while a server runs, and restored once it has stopped")
  func course() async throws {
    let bench = try Workbench()
    let server = try RunningCommand(["serve", "--db", bench.database, "--port", "0", "--log-level", "critical"])
    #expect(await server.output.shows("\n"))
    let line = await server.output.shown
    let address = String(try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).0)
    try await bench.create(at: ["--server", address])
    _ = try await bench.json("ask", "s", "--count", "3", at: ["--server", address])
    let backup = bench.path("b.db")
    let taken = try await RunningCommand.run("db", "backup", bench.database, backup, "--json")
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(try JSONValue(text: taken.output)["check"]?["studies"] == [["name": "s", "events": 3, "trials": 3]])
    #expect(try await RunningCommand.run("db", "backup", bench.database, backup).status == 4)
    #expect(try await RunningCommand.run("db", "backup", bench.database, backup, "--force").status == 0)
    let refused = try await RunningCommand.run("db", "restore", backup, bench.database)
    #expect(refused.status == 4 && refused.errors.contains(address))
    let doctor = try await RunningCommand.run("doctor", "--db", bench.database, "--server", address, "--json")
    #expect(doctor.status == 0, "\(doctor.output)")
    guard case .array(let checks)? = try JSONValue(text: doctor.output)["checks"] else {
      Issue.record("no checks")
      return
    }
    let verdicts = checks.map { "\($0["subject"].map { "\($0)" } ?? "")" }
    for subject in ["version", "blas", "sqlite", "lock", "free space", "server", "server version", "studies"] {
      #expect(verdicts.contains { $0.contains(subject) })
    }
    _ = try await bench.json("ask", "s", "--count", "1", at: ["--server", address])
    server.send(SIGTERM)
    #expect(await server.ending().status == 0)
    #expect(try await bench.trials().count == 4)
    let restored = try await RunningCommand.run("db", "restore", backup, bench.database, "--json")
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(try await bench.trials().count == 3)
    guard case .string(let previous)? = try JSONValue(text: restored.output)["previous"] else {
      Issue.record("nothing was kept")
      return
    }
    #expect(try await RunningCommand.run("db", "check", previous).output.contains("s      4       4       ok"))
  }

  @Test("A damaged database has exit status 1, and the report says where")
  func damaged() async throws {
    let bench = try Workbench()
    try await bench.create()
    _ = try await bench.json("ask", "s", "--count", "3")
    let store = try await SQLiteStudyStore.open(bench.database)
    try await store.execute("UPDATE trials SET worker = 'somebody' WHERE number = 2")
    await store.close()
    let ending = try await RunningCommand.run("db", "check", bench.database)
    #expect(ending.status == 1 && ending.output.contains("trial 2") && ending.output.contains("worker"))
    #expect(ending.errors.contains("hone db restore"))
    let json = try await RunningCommand.run("db", "check", bench.database, "--json")
    #expect(json.status == 1)
    #expect(try JSONValue(text: json.output)["sound"] == false)
  }

  @Test("An older database is migrated after a plan was shown and a copy taken")
  func migrated() async throws {
    let bench = try Workbench()
    let store = try await SQLiteStudyStore.open(bench.database, migrations: [Migration.all[0]])
    await store.close()
    let plan = try await RunningCommand.run("db", "migrate", bench.database, "--dry-run")
    #expect(plan.status == 0 && plan.output.contains("would be brought") && plan.output.contains("CREATE INDEX"))
    #expect(!FileManager.default.fileExists(atPath: bench.database + ".schema-1.backup"))
    let done = try await RunningCommand.run("db", "migrate", bench.database, "--json")
    #expect(done.status == 0)
    #expect(try JSONValue(text: done.output)["backup"] == .string(bench.database + ".schema-1.backup"))
    let again = try await RunningCommand.run("db", "migrate", bench.database)
    #expect(again.output.contains("up to date"))
  }

  @Test("A server that does not answer fails the doctor's visit")
  func unreachable() async throws {
    // Port 1 of the loopback interface is nobody's.
    let ending = try await RunningCommand.run("doctor", "--server", "http://127.0.0.1:1")
    #expect(ending.status == 1)
    #expect(ending.output.contains("fail  server") && ending.output.contains("→"))
  }
}
