import Foundation
import TuningAPI
import TuningModel

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One connection over which a server sends events.
///
/// What the reader has not taken yet is bounded: when it is too much, the connection is given up, and the reader goes on
/// over another one from where it was.
final class EventConnection: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// So many bytes may wait for the reader.
  private static let capacity = 4 << 20

  private let lock = NSLock()
  private var task: URLSessionDataTask?
  private var chunks: [Data] = []
  private var waitingBytes = 0
  private var answer: HTTPURLResponse?
  private var ending: Result<Void, any Error>?
  private var reader: CheckedContinuation<Void, Never>?

  /// Connects.
  init(_ request: URLRequest, silence: TimeInterval) {
    super.init()
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = silence
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    let task = session.dataTask(with: request)
    self.task = task
    task.resume()
    // The session holds its delegate until its last task is done.
    session.finishTasksAndInvalidate()
  }

  /// Gives the connection up.
  func close() { lock.withLock { task }?.cancel() }

  /// The status and media type of the answer; `nil` where none came.
  var head: (status: Int, mediaType: String)? {
    lock.withLock { answer }.map { answer in
      let type = answer.value(forHTTPHeaderField: "Content-Type") ?? ""
      return (answer.statusCode, type.split(separator: ";").first.map { $0.lowercased() } ?? "")
    }
  }

  /// The next bytes; `nil` at the end.
  ///
  /// - Throws: what the connection broke with.
  func next() async throws -> Data? {
    while true {
      let (found, end): (Data?, Result<Void, any Error>?) = lock.withLock {
        if chunks.isEmpty { return (nil, ending) }
        let chunk = chunks.removeFirst()
        waitingBytes -= chunk.count
        return (chunk, nil)
      }
      if let found { return found }
      if let end {
        try end.get()
        return nil
      }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isDue = lock.withLock {
            if !chunks.isEmpty || ending != nil { return true }
            reader = continuation
            return false
          }
          if isDue { continuation.resume() }
        }
      } onCancel: {
        close()
      }
    }
  }

  private func wake(_ change: () -> Void) {
    let reader = lock.withLock {
      change()
      defer { self.reader = nil }
      return self.reader
    }
    reader?.resume()
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    lock.withLock { answer = response as? HTTPURLResponse }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    var isTooMuch = false
    wake {
      if ending != nil { return }
      chunks.append(data)
      waitingBytes += data.count
      isTooMuch = waitingBytes > Self.capacity
      if isTooMuch { ending = .success(()) }
    }
    if isTooMuch { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    wake { if ending == nil { ending = error.map { .failure($0) } ?? .success(()) } }
  }

  // A redirect would take the token along to wherever it leads.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
