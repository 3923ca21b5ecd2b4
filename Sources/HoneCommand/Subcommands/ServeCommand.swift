import ArgumentParser
import Foundation
import Hone
import Logging
import SQLiteStorage
import SocketHTTP
import StudyOperations
import TuningModel
import TuningServer

/// `hone serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves a database over HTTP.",
    discussion: """
      Prints one line with its address to standard output once it is ready; the log goes to standard error. A database \
      that is not there is made; one that another process holds is refused (exit status 4). The REST interface is \
      described at /openapi.yaml.

      From the first access token on (hone token create) nothing but /healthz, /readyz and /openapi.yaml is answered \
      without one. Before, it listens on the loopback interface alone unless --insecure says that the network is trusted, \
      and answers only to requests for the loopback interface, --host and --allow-host. Tokens travel as they are: put a \
      proxy that speaks TLS before it where others can listen.

      At SIGTERM or Ctrl-C it hands out no more trials, finishes what is under way, brings everything into the one \
      database file, and exits within 10 seconds; a second one ends it at once. Either way nothing that was answered is \
      lost.

      EXAMPLES

        hone serve --db hone.db
        hone token create me --scopes read,work,write,admin --db hone.db
        hone serve --db hone.db --host 0.0.0.0 --port 80
      """)

  @Option(
    name: .customLong("db"), help: ArgumentHelp("The database file.", valueName: "file"), completion: .file())
  var database: String

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port; 0 for one that the system chooses.")
  var port: UInt16 = 8080

  @Option(
    help: """
      What an acknowledged write survives: full, the loss of power; relaxed, the end of the process, but the loss of power \
      may take the last moments.
      """, transform: choice)
  var durability: Durability = .full

  @Flag(help: "Listen beyond the loopback interface although there is no access token.")
  var insecure = false

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "Another name under which the server is addressed while there is no access token; may be repeated.",
      valueName: "name"))
  var allowedHosts: [String] = []

  @Option(
    help: ArgumentHelp(
      "Requests that each access token, or each address without one, may send in a second; 0 for any number.",
      valueName: "n"))
  var rateLimit = RateLimit.standard.perSecond

  @Option(help: ArgumentHelp("How many of them may come at once; twice as many as in a second.", valueName: "n"))
  var rateBurst: Int?

  @Option(
    help: """
      The least severe messages to log: trace, debug, info, notice, warning, error or critical; where left out what \
      HONE_LOG_LEVEL says, else info.
      """, transform: choice)
  var logLevel: Logger.Level?

  @Option(
    help: """
      The form of the log: text, or json with one object in each line; where left out what HONE_LOG_FORMAT says, else text.
      """)
  var logFormat: LogFormat?

  /// How long requests under way have to be answered; with the checkpoint after it, well within 10 seconds.
  private static let grace = Duration.seconds(6)

  func validate() throws {
    if !(rateLimit >= 0 && rateLimit <= 1e9) { throw ValidationError("--rate-limit must be between 0 and 1e9.") }
    _ = try logger()
    if let rateBurst, rateBurst < 1 { throw ValidationError("--rate-burst must be at least 1.") }
  }

  private func logger(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Logger {
    func named<Value: RawRepresentable<String> & CaseIterable>(_ variable: String, _ standard: Value) throws -> Value {
      guard let text = environment[variable], !text.isEmpty else { return standard }
      guard let value = Value(rawValue: text) else {
        let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\(variable) is \"\(text)\", which is not one of \(all).")
      }
      return value
    }
    let format = try logFormat ?? named("HONE_LOG_FORMAT", LogFormat.text)
    var logger = Logger(label: "hone", factory: format.handler)
    logger.logLevel = try logLevel ?? named("HONE_LOG_LEVEL", Logger.Level.info)
    return logger
  }

  func run() async throws {
    let logger = try logger()
    let store = try await SQLiteStudyStore.open(database, durability: durability, command: "hone serve")
    let catalog = TunerCatalog.standard
    let service = StudyService(store: store, catalog: catalog)
    try await store.beginCensus()
    let access = try await AccessControl(store: store)
    var configuration = ServerConfiguration(host: host, port: port, insecure: insecure)
    configuration.allowedHosts = allowedHosts
    configuration.rateLimit =
      rateLimit == 0
      ? nil : RateLimit(perSecond: rateLimit, burst: rateBurst ?? max(1, Int((2 * rateLimit).rounded(.up))))
    let server = StudyServer(
      configuration: configuration, studies: service, access: access, answers: service,
      tuners: catalog.descriptions, stoppingRules: catalog.stoppingRules, metrics: service.metrics + store.metrics,
      logger: logger)
    let stop = Gate()
    SignalWatch.start(limit: .seconds(10), first: { _ in stop.open() }, urgent: { _ in })
    do {
      let address = "http://\(try await server.start())"
      store.announce(address: address)
      Terminal.output.write("hone serves \(database) at \(address)\n")
    } catch {
      await service.shutdown(leavingComputations: true)
      throw CommandFailure(error is ServerError ? .usage : .failed, "\(error)")
    }
    await stop.opened()
    logger.notice("stopping")
    await server.shutdown(grace: Self.grace)
    await service.shutdown(leavingComputations: true)
  }

}
