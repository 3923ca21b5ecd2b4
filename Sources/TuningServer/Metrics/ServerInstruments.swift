import Foundation
import Instruments
import SocketHTTP
import TuningModel

/// What the server counts about itself.
final class ServerInstruments: Sendable {
  /// The name under which an answer tells the log and the metrics which route it is of.
  static let routeAnnotation = "route"

  private static let methods: Set<HTTPMethod> = [.get, .head, .post, .patch, .delete]

  /// By method, route and class of status.
  private let requests = Labelled<Histogram> { Histogram() }
  /// By reason.
  private let refusals = Labelled<Counter> { Counter() }
  private let start = Date.now.timeIntervalSince1970

  /// Notes an exchange; no string of the client's becomes a label.
  func note(_ exchange: HTTPExchange) {
    let method = exchange.method.flatMap { Self.methods.contains($0) ? $0.rawValue : nil } ?? "other"
    let status = exchange.status.map { "\($0.code / 100)xx" } ?? "none"
    requests[method, exchange.annotations[Self.routeAnnotation] ?? "other", status].note(exchange.duration)
    switch exchange.status {
    case .some(.unauthorized): refusals["unauthenticated"].add()
    case .some(.forbidden): refusals["forbidden"].add()
    case .some(.misdirectedRequest): refusals["misdirected"].add()
    case .some(.tooManyRequests): refusals["rate_limited"].add()
    default: break
    }
  }

  /// All of it.
  ///
  /// - Parameter connections: the number of connections now.
  func families(connections: @escaping @Sendable () async -> Int) -> [MetricFamily] {
    [
      .histograms(
        "hone_http_request_seconds", "From the first byte of a request to the last of its answer.",
        by: ["method", "route", "status"], requests),
      .counters(
        "hone_http_refused_total", "Requests that were refused before anything of them was done.", by: ["reason"],
        refusals),
      .gauge("hone_http_connections", "Open connections.") { Double(await connections()) },
      .gauge("hone_build_info", "The version that runs; the value is 1.", by: ["version"]) {
        [(labels: [HoneVersion.current], value: 1)]
      },
      .gauge("process_start_time_seconds", "When the server was made, in seconds since 1970.") { [start] in start },
      .gauge("process_resident_memory_bytes", "Memory of the process.") {
        Self.residentBytes.map { [(labels: [], value: $0)] } ?? []
      },
    ]
  }

  /// The second number of /proc/self/statm, which counts pages.
  private static var residentBytes: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let numbers = text.split(separator: " ")
    return numbers.count > 1 ? Double(numbers[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}
