public import TuningModel

/// What a store calls a study by; never used again after the study is deleted, unlike its name.
public typealias StudyID = Int64

/// A study as a store keeps it.
public struct StoredStudy: Hashable, Sendable {
  /// The store's own number for it.
  public var id: StudyID
  /// The study as it stands.
  public var study: Study
  /// The definition that it was created with, before any change of budget or labels.
  public var original: StudyDefinition
  /// The sequence number of the last event in its log; 0 before the first.
  public var lastSequence: Int

  /// Creates a stored study.
  public init(id: StudyID, study: Study, original: StudyDefinition, lastSequence: Int) {
    self.id = id
    self.study = study
    self.original = original
    self.lastSequence = lastSequence
  }
}

/// A study with the number of its trials by state and those that are unfinished, all of one moment.
public struct StoredRoster: Hashable, Sendable {
  /// The study.
  public var study: StoredStudy
  /// The number of trials by state.
  public var counts: [TrialState: Int]
  /// The trials that are not in a final state, in the order of their numbers.
  public var unfinished: [Trial]
  /// The number of trials that were never handed out: enqueued ones that wait, and results from elsewhere.
  public var neverHandedOut: Int

  /// Creates a roster.
  public init(study: StoredStudy, counts: [TrialState: Int], unfinished: [Trial], neverHandedOut: Int = 0) {
    self.study = study
    self.counts = counts
    self.unfinished = unfinished
    self.neverHandedOut = neverHandedOut
  }
}

/// The leases of a study's trials under way.
public struct StoredLeases: Hashable, Sendable {
  /// A lease, and when its trial was handed out.
  public struct Entry: Hashable, Sendable {
    /// The lease.
    public var lease: Lease
    /// When the trial was handed out.
    public var startedAt: Timestamp

    /// Creates an entry.
    public init(_ lease: Lease, startedAt: Timestamp) {
      self.lease = lease
      self.startedAt = startedAt
    }
  }

  /// The study's name.
  public var name: String
  /// How long a trial of it may take.
  public var trialTimeoutSeconds: Double?
  /// The leases.
  public var entries: [Entry]

  /// Creates a study's leases.
  public init(name: String, trialTimeoutSeconds: Double?, entries: [Entry]) {
    self.name = name
    self.trialTimeoutSeconds = trialTimeoutSeconds
    self.entries = entries
  }
}

/// A cache of what the fold over a study's events comes to; it may be dropped at any time.
public struct StudySnapshot: Hashable, Sendable {
  /// The last event that it includes.
  public var sequence: Int
  /// The version of the payload's form.
  public var format: Int
  /// The payload, JSON in UTF-8.
  public var payload: [UInt8]

  /// Creates a snapshot.
  public init(sequence: Int, format: Int, payload: [UInt8]) {
    self.sequence = sequence
    self.format = format
    self.payload = payload
  }
}
