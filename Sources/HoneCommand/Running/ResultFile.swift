import Foundation
import TuningModel

/// The file to which a program appends its results, followed while it grows.
final class ResultFile: Sendable {
  private struct State {
    var offset: UInt64 = 0
    var lines = LineSplitter()
    var reported: ReportedMetrics
  }

  private let path: String
  private let empty: ReportedMetrics
  private let state: Guarded<State>

  /// Follows a file.
  ///
  /// - Parameter empty: how its lines are read.
  init(_ path: String, _ empty: ReportedMetrics) {
    self.path = path
    self.empty = empty
    state = Guarded(State(reported: empty))
  }

  /// The intermediate measurements on the lines that were completed since the last time.
  func newMeasurements() -> [TuningModel.Measurement] { read(isLast: false) }

  /// The rest of them, that on a last line without line break included.
  func lastMeasurements() -> [TuningModel.Measurement] { read(isLast: true) }

  private func read(isLast: Bool) -> [TuningModel.Measurement] {
    state.use { state in
      guard let file = FileHandle(forReadingAtPath: path) else { return [] }
      defer { try? file.close() }
      let size = (try? file.seekToEnd()) ?? 0
      // A file that was written anew is read anew; what was reported before is answered as before.
      if size < state.offset { state = State(reported: empty) }
      try? file.seek(toOffset: state.offset)
      // A program that writes faster than this reads goes on at the next time.
      while let chunk = try? file.read(upToCount: 65_536), !chunk.isEmpty {
        state.offset += UInt64(chunk.count)
        chunk.withUnsafeBytes { bytes in state.lines.take(bytes) { state.reported.read(result: $0) } }
        if !isLast, state.offset >= size { break }
      }
      if isLast { state.lines.finish { state.reported.read(result: $0) } }
      return state.reported.takeMeasurements()
    }
  }

  /// Reads the whole file for its final metrics, once the program has ended.
  func readMetrics(into reported: inout ReportedMetrics) {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    defer { try? file.close() }
    var lines = LineSplitter()
    while let chunk = try? file.read(upToCount: 65_536), !chunk.isEmpty {
      chunk.withUnsafeBytes { lines.take($0) { reported.read(result: $0) } }
      _ = reported.takeMeasurements()
    }
    lines.finish { reported.read(result: $0) }
    _ = reported.takeMeasurements()
  }
}
