import SocketHTTP
import TuningAPI
import TuningModel

/// Tuners and stopping rules: list.
struct TunerRoutes: Sendable {
  let list: TunerList

  var routes: [Route] { [Route(.listTuners, read)] }

  @Sendable private func read(_: RoutedRequest) async throws(StudyError) -> HTTPResponse { .json(list) }
}
