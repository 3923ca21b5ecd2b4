import SocketHTTP
import TuningAPI
import TuningModel

/// Tuners: list.
struct TunerRoutes: Sendable {
  let tuners: [TunerDescription]

  var routes: [Route] { [Route(.listTuners, list)] }

  @Sendable private func list(_: RoutedRequest) async throws(StudyError) -> HTTPResponse { .json(TunerList(tuners)) }
}
