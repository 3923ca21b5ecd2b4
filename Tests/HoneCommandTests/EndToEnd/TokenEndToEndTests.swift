import Foundation
import HoneCommand
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct TokenEndToEndTests {
  private static func token(_ bench: borrowing Workbench, _ arguments: String...) async throws -> String {
    let ending = try await RunningCommand(["token", "create"] + arguments + ["--db", bench.database]).ending()
    try #require(ending.status == 0, "\(ending.errors)")
    return ending.output.trimmingCharacters(in: .newlines)
  }

  @Test("Tokens are made on the file, used on the server by environment or option, and revoked")
  func lifetime() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 2))
    let admin = try await Self.token(bench, "me", "--scopes", "read,write,admin")
    let worker = try await Self.token(bench, "node", "--scopes", "work", "--prefix", "s", "--expires-in", "1h")
    // With a token it may listen where others reach it.
    let server = try RunningCommand(["serve", "--db", bench.database, "--port", "0", "--host", "0.0.0.0"])
    #expect(await server.output.shows("\n"))
    let line = await server.output.shown
    let port = try #require(line.firstMatch(of: /:(\d+)/)).1
    let place = ["--server", "http://127.0.0.1:\(port)"]
    func run(_ arguments: [String], _ token: String?) async throws -> (status: Int32, output: String, errors: String) {
      let environment = token.map { ["HONE_TOKEN": $0] } ?? [:]
      let ending = try await RunningCommand(arguments + place, environment: environment).ending()
      return (ending.status, ending.output, ending.errors)
    }
    #expect(try await run(["study", "show", "s"], nil).status == 5)
    #expect(try await run(["study", "show", "s", "--token", admin], nil).status == 0)
    #expect(try await run(["ask", "s"], admin).status == 5)
    let listed = try await run(["study", "list"], worker)
    #expect(listed.status == 5)
    #expect(listed.errors.contains("read"))
    #expect(try await run(["study", "show", "s", "--token", "two words"], nil).status == 2)
    let work = try await RunningCommand(
      ["run", "s"] + place + ["--json", "--", "/bin/sh", "-c", #"echo "hone: {\"loss\": $1}""#, "sh", "{x}"],
      environment: ["HONE_TOKEN": worker, "TMPDIR": bench.folder.path], in: bench.folder
    ).ending()
    #expect(work.status == 0, "\(work.errors)")
    let id = String(worker.split(separator: "_")[1])
    #expect(try await run(["token", "revoke", id], admin).status == 0)
    #expect(try await run(["token", "revoke", "0"], admin).status == 3)
    #expect(try await run(["study", "show", "s"], worker).status == 5)
    let tokens = try await run(["token", "list"], admin)
    #expect(tokens.output.contains(id) && tokens.output.contains("revoked"))
    let audit = try await run(["token", "audit"], admin)
    #expect(audit.output.contains("token_revoked") && audit.output.contains("local"))
    server.send(SIGTERM)
    let ending = await server.ending()
    #expect(ending.status == 0)
    for text in [ending.output, ending.errors, tokens.output, audit.output] {
      for secret in [admin, worker] { #expect(!text.contains(secret.split(separator: "_")[2])) }
    }
  }

  @Test("Time spans are read with their unit; others are refused")
  func spans() throws {
    #expect(try TimeSpan.seconds("90s") == 90)
    #expect(try TimeSpan.seconds("1.5h") == 5_400)
    #expect(try TimeSpan.seconds("30d") == 2_592_000)
    for text in ["", "d", "30", "-1d", "0s", "1w", "nand", "infd", "1e30d"] {
      #expect(throws: (any Error).self, "\(text)") { try TimeSpan.seconds(text) }
    }
  }
}
