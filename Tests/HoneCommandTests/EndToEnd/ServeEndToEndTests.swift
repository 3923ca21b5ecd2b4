import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct ServeEndToEndTests {
  /// A server on a port that the system chose.
  private static func serve(_ database: String, port: String = "0") async throws -> (RunningCommand, address: String) {
    let server = try RunningCommand(["serve", "--db", database, "--port", port, "--log-level", "notice"])
    #expect(await server.output.shows("\n"))
    let line = await server.output.shown
    let address = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/))
    return (server, String(address.0))
  }

  @Test("A server prints its address, serves, and ends cleanly at SIGTERM")
  func lifetime() async throws {
    let bench = try Workbench()
    let (server, address) = try await Self.serve(bench.database)
    let place = ["--server", address]
    try await bench.create(Workbench.study(maxTrials: 6), at: place)
    let run = try await bench.evaluate(
      #"echo "hone: {\"loss\": $1}""#, ["--parallel", "2", "--json"], at: place
    ).ending()
    #expect(run.status == 0, "\(run.errors)")
    #expect(try JSONValue(text: run.output)["completed"] == 6)
    #expect(try await bench.trials(at: place).states == Array(repeating: "completed", count: 6))
    server.send(SIGTERM)
    let ending = await server.ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.split(separator: "\n").count == 1)
    // The database is free again, and whole.
    #expect(try await bench.trials().count == 6)
  }

  @Test("A database that a server holds is refused, and the refusal says who holds it and where")
  func held() async throws {
    let bench = try Workbench()
    let (server, address) = try await Self.serve(bench.database)
    for arguments in [["study", "show", "s"], ["study", "create", "-"], ["serve", "--port", "0"]] {
      let ending = try await RunningCommand(
        arguments + ["--db", bench.database], input: Workbench.study()
      ).ending()
      #expect(ending.status == 4)
      #expect(ending.errors.contains("\(server.identifier)"))
      #expect(ending.errors.contains(address))
    }
    server.send(SIGINT)
    #expect(await server.ending().status == 0)
  }

  @Test("Beyond the loopback interface a server needs to be told that this is meant")
  func insecure() async throws {
    let bench = try Workbench()
    let ending = try await RunningCommand.run(
      "serve", "--db", bench.database, "--host", "0.0.0.0", "--port", "0")
    #expect(ending.status == 2)
    #expect(ending.errors.contains("--insecure"))
    #expect(ending.output.isEmpty)
  }

  @Test("A study is watched from a place in its log on")
  func watch() async throws {
    let bench = try Workbench()
    let (server, address) = try await Self.serve(bench.database)
    let place = ["--server", address]
    try await bench.create(Workbench.study(maxTrials: 1), at: place)
    let watch = try RunningCommand(["watch", "s", "--after", "0", "--json"] + place)
    _ = try await bench.json("ask", "s", at: place)
    #expect(await watch.output.shows(#""kind":"started""#))
    let told = try await RunningCommand(["tell", "s", "1", "loss=1"] + place).ending()
    #expect(told.status == 0)
    #expect(await watch.output.shows(#""kind":"completed""#))
    watch.send(SIGTERM)
    _ = await watch.ending()
    #expect(try await RunningCommand.run("watch", "none", "--server", address).status == 3)
    #expect(try await RunningCommand.run("watch", "s", "--db", bench.database).status == 2)
    server.send(SIGTERM)
    #expect(await server.ending().status == 0)
  }

  @Test("The log is JSON where the environment says so, and names the request's route, status and id")
  func jsonLog() async throws {
    let bench = try Workbench()
    let server = try RunningCommand(
      ["serve", "--db", bench.database, "--port", "0"],
      environment: ["HONE_LOG_FORMAT": "json", "HONE_LOG_LEVEL": "info"])
    #expect(await server.output.shows("\n"))
    let line = await server.output.shown
    let address = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).0
    #expect(try await RunningCommand.run("study", "show", "none", "--server", String(address)).status == 3)
    server.send(SIGTERM)
    let ending = await server.ending()
    let entries = try ending.errors.split(separator: "\n").map { try JSONValue(text: $0.utf8) }
    let request = try #require(entries.first { $0["message"] == "request" })
    #expect(request["route"] == "/v1/studies/{study}" && request["status"] == "404" && request["method"] == "GET")
    #expect(request["request_id"] != nil && request["ms"] != nil)
    let wrong = try await RunningCommand(
      ["serve", "--db", bench.database, "--port", "0"], environment: ["HONE_LOG_LEVEL": "loud"]
    ).ending()
    #expect(wrong.status == 2 && wrong.errors.contains("HONE_LOG_LEVEL"))
  }

  @Test("A result outlives a restart of the server")
  func restart() async throws {
    let bench = try Workbench()
    let (first, address) = try await Self.serve(bench.database)
    let place = ["--server", address]
    try await bench.create(Workbench.study(maxTrials: 1), at: place)
    // The program ends once the file is there, which is when the server is gone.
    let script = #"echo up; while [ ! -e gone ]; do sleep 0.05; done; echo "hone: {\"loss\": $1}""#
    let run = try bench.evaluate(script, ["-v"], at: place)
    #expect(await run.errors.shows("up"))
    first.send(SIGKILL)
    _ = await first.ending()
    try Data().write(to: URL(fileURLWithPath: bench.path("gone")))
    #expect(await run.errors.shows("trying again"))
    let port = try #require(address.split(separator: ":").last)
    let (second, _) = try await Self.serve(bench.database, port: String(port))
    let ending = await run.ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials(at: place).states == ["completed"])
    second.send(SIGTERM)
    #expect(await second.ending().status == 0)
  }

  @Test("A trial that is taken away stops its program, and the run goes on")
  func lostLease() async throws {
    let bench = try Workbench()
    let (server, address) = try await Self.serve(bench.database)
    let place = ["--server", address]
    try await bench.create(Workbench.study(maxTrials: 2), at: place)
    let script = #"[ "$2" = 2 ] || { echo up; sleep 600; }; echo "hone: {\"loss\": $1}""#
    let run = try bench.evaluate(script, ["-v", "--lease-seconds", "1"], at: place, arguments: ["{x}", "{trial}"])
    #expect(await run.errors.shows("up"))
    let told = try await RunningCommand(["tell", "s", "1", "--failed", "--reason", "enough"] + place).ending()
    #expect(told.status == 0, "\(told.errors)")
    let ending = await run.ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.errors.contains("no longer ours"))
    #expect(try await bench.trials(at: place).states == ["failed", "completed"])
    server.send(SIGTERM)
    #expect(await server.ending().status == 0)
  }

  @Test("The lease of a long trial is renewed")
  func renewal() async throws {
    let bench = try Workbench()
    let (server, address) = try await Self.serve(bench.database)
    let place = ["--server", address]
    try await bench.create(Workbench.study(maxTrials: 1), at: place)
    // Three leases long.
    let run = try bench.evaluate(#"sleep 3; echo "hone: {\"loss\": $1}""#, ["--lease-seconds", "1"], at: place)
    let ending = await run.ending()
    #expect(ending.status == 0, "\(ending.errors)")
    let trials = try await bench.trials(at: place)
    #expect(trials.states == ["completed"])
    #expect(trials.first?["attempt"] == 1)
    #expect(trials.first?["lost_leases"] == 0)
    server.send(SIGTERM)
    #expect(await server.ending().status == 0)
  }
}
