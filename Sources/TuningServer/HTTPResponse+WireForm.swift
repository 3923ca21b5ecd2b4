import SocketHTTP
import TuningAPI

extension HTTPResponse {
  /// An answer with a JSON body.
  static func json(_ form: some WireForm, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]) -> HTTPResponse {
    var response = HTTPResponse(status, headers: headers, body: .bytes(form.body))
    response.headers["Content-Type"] = "application/json"
    return response
  }
}
