import TuningAPI
import TuningModel

extension ImportPlan {
  /// Creates the study, adds the trials, and answers how the study is then.
  ///
  /// Requests are kept below the size that servers take.
  /// - Throws: `CommandFailure` where there is a study of that name that has trials already, or another definition.
  func carryOut(in client: any StudyClient) async throws -> StudySummary {
    let created = try await client.create(definition)
    if !created.isNew, created.summary.counts.values.contains(where: { $0 > 0 }) {
      throw CommandFailure(
        .conflict, "the study \(definition.name) is there already and has trials; give another name with --name.")
    }
    var count = 0
    do throws(StudyError) {
      for batch in batches {
        let added = try await client.enqueue(definition.name, batch.map(\.trial))
        count += added.count
        for (trial, candidate) in zip(added, batch) where candidate.isExcluded {
          _ = try await client.exclude(definition.name, trial.number, revision: nil)
        }
      }
    } catch {
      let failure = CommandFailure(error)
      throw CommandFailure(
        failure.status,
        "\(failure.message)\n\(count) of \(trials.count) trials were imported; to begin again, delete the study "
          + "\(definition.name) first.")
    }
    if state != .active { _ = try await client.update(definition.name, StudyPatch(state: state), revision: nil) }
    return try await client.study(definition.name)
  }

  /// The trials in parts of at most 1,000 trials, 50,000 measurements and about half a megabyte.
  private var batches: [[Candidate]] {
    var batches: [[Candidate]] = []
    var (bytes, measurements) = (0, 0)
    for candidate in trials {
      let size = EnqueueRequest([candidate.trial]).json.bytes.count
      let count = candidate.trial.measurements.count
      if let last = batches.last, last.count < 1_000, bytes + size <= 500_000, measurements + count <= 50_000 {
        batches[batches.count - 1].append(candidate)
        (bytes, measurements) = (bytes + size, measurements + count)
      } else {
        batches.append([candidate])
        (bytes, measurements) = (size, count)
      }
    }
    return batches
  }

  /// What is imported and what is not, for programs.
  func json(dryRun isDryRun: Bool) -> JSONValue {
    [
      "study": .string(definition.name), "dry_run": .bool(isDryRun), "definition": definition.json,
      "imported": .integer(trials.count),
      "refused": .array(refused.map { ["source": .string($0.source), "reason": .string($0.reason)] }),
      "notes": .array(notes.map(JSONValue.string)),
    ]
  }

  /// What is imported and what is not, for people.
  func text(dryRun isDryRun: Bool) -> String {
    var counts: [(String, Int)] = []
    for candidate in trials {
      let state =
        switch candidate.trial.outcome {
        case .completed: "with results"
        case .pruned: "pruned"
        case .infeasible: "infeasible"
        case .failed: "failed"
        case nil: "to be tried"
        }
      if let index = counts.firstIndex(where: { $0.0 == state }) {
        counts[index].1 += 1
      } else {
        counts.append((state, 1))
      }
    }
    let parts = counts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    var text = isDryRun ? "would import" : "imported"
    text += " \(trials.count) trials into the study \(definition.name)" + (parts.isEmpty ? "" : " (\(parts))") + "\n"
    if isDryRun {
      var table = Table(["PARAMETER", "DOMAIN", "WHEN"])
      for parameter in definition.space.parameters {
        let when = (parameter.condition?.values ?? [:]).sorted { $0.key < $1.key }
          .map { "\($0.key)=\($0.value.map(\.description).joined(separator: "|"))" }.joined(separator: " ")
        table.add([parameter.name, parameter.domain.summary, when])
      }
      text += "\n" + table.text + "\n"
    }
    for note in notes { text += "note: \(note)\n" }
    if !refused.isEmpty {
      text += (isDryRun ? "would leave out " : "left out ") + "\(refused.count) trials:\n"
      for refusal in refused {
        text += "  \(refusal.source.onOneLine(atMost: 60)): \(refusal.reason.onOneLine(atMost: 500))\n"
      }
    }
    return text
  }
}
