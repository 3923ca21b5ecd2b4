import Foundation
import TuningModel

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Whether a server answers, as which version, and how fast.
struct ServerDiagnosis {
  /// How often the time of an answer is taken.
  private static let samples = 5

  let server: URL
  let token: String?

  private struct Answer {
    var status: Int
    var headers: HTTPURLResponse
    var body: Data
    var milliseconds: Double
  }

  /// Asks it.
  func all() async -> [Diagnosis] {
    var answers: [Answer] = []
    do {
      for _ in 0..<Self.samples { answers.append(try await get("/healthz")) }
    } catch {
      return [
        Diagnosis(
          .fail, "server", "no answer from \(server): \((error as? URLError)?.localizedDescription ?? "\(error)")",
          advice: "Is hone serve running there? Check address, port, firewall and proxy.")
      ]
    }
    guard let first = answers.first, first.status == 200, first.body.starts(with: Data(#"{"status":"alive"#.utf8))
    else {
      return [
        Diagnosis(
          .fail, "server", "\(server) answers \(answers.first?.status ?? 0), but not as Hone does",
          advice: "Something else listens there, or a proxy leads elsewhere.")
      ]
    }
    var found = [latency(answers)]
    if let skew = skew(first) { found.append(skew) }
    found += [version(first), await readiness(), await studies()].compactMap(\.self)
    return found
  }

  private func latency(_ answers: [Answer]) -> Diagnosis {
    // The first opens the connection.
    let best = answers.map(\.milliseconds).min() ?? 0
    return Diagnosis(
      "server",
      "\(server) answers within \(NumberText.short(best)) ms, the first time within "
        + "\(NumberText.short(answers.first?.milliseconds ?? 0)) ms", .warn, if: best > 250,
      advice: "Every ask and tell takes at least as long; run the workers nearer to the server.")
  }

  private func skew(_ answer: Answer) -> Diagnosis? {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    guard let text = answer.headers.value(forHTTPHeaderField: "Date"), let date = format.date(from: text) else {
      return nil
    }
    let seconds = abs(date.timeIntervalSinceNow)
    return Diagnosis(
      "server clock", seconds > 60 ? "\(Int(seconds)) s away from the one here" : "agrees with the one here", .warn,
      if: seconds > 60, advice: "Synchronise both clocks, so that times shown mean the same.")
  }

  private func readiness() async -> Diagnosis? {
    guard let answer = try? await get("/readyz") else { return nil }
    return Diagnosis(
      "readiness", answer.status == 200 ? "ready" : "not ready (\(answer.status))", .fail, if: answer.status != 200,
      advice: "The server is stopping, or its database does not answer; see its log.")
  }

  private func version(_ answer: Answer) -> Diagnosis? {
    let name = answer.headers.value(forHTTPHeaderField: "Server") ?? ""
    guard let match = name.wholeMatch(of: /hone\/(\S+)/) else { return nil }
    let other = String(match.1)
    return Diagnosis(
      "server version", "Hone \(other)", .warn, if: other != HoneVersion.current,
      advice: "This is Hone \(HoneVersion.current); use the same version on both sides.")
  }

  private func studies() async -> Diagnosis? {
    guard let answer = try? await get("/v1/studies?page_size=1") else { return nil }
    switch answer.status {
    case 200: return Diagnosis(.ok, "studies", "the list of studies can be read")
    case 401, 403:
      return Diagnosis(
        .fail, "studies", "access is refused (\(answer.status))",
        advice: token == nil ? "Set HONE_TOKEN." : "Check HONE_TOKEN: it is wrong, has ended, or does not allow this.")
    default:
      return Diagnosis(.fail, "studies", "the list is answered with \(answer.status)", advice: "See the server's log.")
    }
  }

  private func get(_ path: String) async throws -> Answer {
    let base = server.absoluteString
    guard let url = URL(string: (base.hasSuffix("/") ? String(base.dropLast()) : base) + path) else {
      throw URLError(.badURL)
    }
    var request = URLRequest(url: url)
    request.timeoutInterval = 10
    if let token, path.hasPrefix("/v1/") { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let start = ContinuousClock.now
    let (body, response) = try await URLSession.shared.data(for: request)
    guard let headers = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    return Answer(
      status: headers.statusCode, headers: headers, body: body,
      milliseconds: (ContinuousClock.now - start) / .milliseconds(1))
  }
}
