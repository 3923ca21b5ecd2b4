import Instruments
import SocketHTTP
import TuningAPI
import TuningModel

/// What the server counts about itself, for Prometheus.
struct MetricsRoutes: Sendable {
  let families: [MetricFamily]

  var routes: [Route] { [Route(.getMetrics, ignoringQuery: read)] }

  @Sendable private func read(_: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    HTTPResponse(
      headers: ["Content-Type": PrometheusText.mediaType],
      body: .bytes(Array(await PrometheusText.render(families).utf8)))
  }
}
