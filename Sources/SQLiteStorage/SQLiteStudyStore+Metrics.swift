import Foundation
public import Instruments
public import TuningModel

extension SQLiteStudyStore {
  /// Counts the trials by state, once, so that `metrics` tells them from then on.
  ///
  /// To be called before anything is written: what is committed meanwhile could be counted twice.
  public func beginCensus() async throws(StudyError) {
    let counted = try await writer.write { try TrialCensus.count(in: $0) }
    census.begin(counted)
  }

  /// What the storage counts about itself.
  public var metrics: [MetricFamily] {
    [
      .histogram(
        "hone_commit_seconds", "How long transactions took until they were on disk.", writer.instruments.seconds),
      .counter("hone_writes_total", "Writes; many may share a transaction.", writer.instruments.writes),
      .gauge("hone_writes_waiting", "Writes that wait for the transaction under way to end.") { [writer] in
        writer.instruments.waiting.value
      },
      .gauge("hone_wal_bytes", "The size of the write-ahead log.") { [path] in
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
      },
      .gauge("hone_trials", "Trials of all studies, by state.", by: ["state"]) { [census] in
        guard let counts = census.current else { return [] }
        return TrialState.allCases.map { (labels: [$0.rawValue], value: Double(counts[$0] ?? 0)) }
      },
    ]
  }
}
