public import Instruments
public import Logging
public import SocketHTTP
package import TuningAPI
public import TuningModel

/// The REST service: any `StudyClient`, offered as the contract says.
public actor StudyServer {
  private let configuration: ServerConfiguration
  private let logger: Logger
  private let router: Router
  private let readiness: Readiness
  private let access: any AccessGuard
  private let instruments: ServerInstruments
  private let running: RunningHTTPServer
  private let watching: any StudyWatching
  private let repeats: RepeatedWrites?
  private let accessLog: AccessLog
  private var server: HTTPServer?
  private var isStarted = false

  /// Creates a server that is not listening yet.
  ///
  /// - Parameters:
  ///   - access: who may use it.
  ///   - answers: who keeps answers to writes that may be repeated, together with what they change; without one an
  ///     `Idempotency-Key` has no effect.
  ///   - tuners: what `/v1/tuners` tells, in the order in which the catalog considers them.
  ///   - stoppingRules: the rules that it tells of.
  ///   - metrics: what `/metrics` tells beside what the server counts about itself.
  public init(
    configuration: ServerConfiguration, studies: any StudyClient & StudyWatching, access: any AccessGuard,
    answers: (any AnswerKeeper)?, tuners: [TunerDescription], stoppingRules: [TunerDescription] = [],
    metrics: [MetricFamily] = [], logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    self.access = access
    watching = studies
    readiness = Readiness()
    let instruments = ServerInstruments()
    let running = RunningHTTPServer()
    self.instruments = instruments
    self.running = running
    repeats = answers.map(RepeatedWrites.init)
    let routes: [[Route]] = [
      StudyRoutes(studies: studies).routes, TrialRoutes(studies: studies, readiness: readiness).routes,
      ResultRoutes(studies: studies).routes, PopulationRoutes(studies: studies).routes,
      TunerRoutes(list: TunerList(tuners, stoppingRules: stoppingRules)).routes, AccessRoutes(access: access).routes,
      MetricsRoutes(families: instruments.families { running.connectionCount } + metrics).routes,
      WatchRoutes(watching: studies).routes, ServerRoutes(studies: studies, readiness: readiness).routes,
    ]
    router = Router(routes: routes.flatMap { $0 })
    accessLog = AccessLog(logger)
  }

  /// Starts to listen and to serve; once.
  ///
  /// - Returns: the address, with the port that the system chose where none was named.
  /// - Throws: `ServerError` where the configuration may not be served, `HTTPServerError` where the system refuses.
  public func start() throws -> SocketAddress {
    if isStarted { throw ServerError.alreadyStarted }
    try configuration.check(needsTokens: access.isClosed)
    var http = HTTPServerConfiguration()
    http.host = configuration.host
    http.port = configuration.port
    http.limits = configuration.limits
    http.deadlines = configuration.deadlines
    http.serverName = "hone/\(HoneVersion.current)"
    http.immediate = Responder.immediateAnswer
    http.renderError = Responder.refusal
    http.onExchange = { [accessLog, instruments] exchange in
      instruments.note(exchange)
      accessLog.note(exchange)
    }
    let responder = Responder(
      router: router, gatekeeper: Gatekeeper(access: access, hosts: ServedHosts(configuration)),
      limiter: configuration.rateLimit.map(RateLimiter.init), logger: logger, repeats: repeats)
    let server = try HTTPServer.start(http) { await responder.answer($0) }
    self.server = server
    running.set(server)
    isStarted = true
    return server.address
  }

  /// Hands out no more trials and says at /readyz that it is not ready, while everything else goes on.
  ///
  /// For the time that a load balancer takes to notice; `shutdown` does it too.
  public nonisolated func drain() { readiness.end() }

  /// Stops: no more connections, idle ones closed, requests under way answered.
  ///
  /// What is not done within `grace` is cut off. Returns when the last connection is closed and the log is written.
  public func shutdown(grace: Duration = .seconds(10)) async {
    drain()
    await watching.endWatches()
    await server?.shutdown(grace: grace)
    await accessLog.flush()
  }

  /// The operations that are served; for tests of the contract.
  package nonisolated var operations: [APIOperation] { router.routes.map(\.operation) }
}
