extension Migration {
  /// Studies with their trials, events and snapshots.
  ///
  /// The log of events is the truth: it is appended to only, and numbers of events and trials are dense in each study.
  /// Deleting a study deletes its events first; its trials follow by their foreign key.
  static let schema1 = Migration(
    version: 1,
    sql: """
      CREATE TABLE meta (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE studies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        definition TEXT NOT NULL CHECK (json_valid(definition)),
        original TEXT NOT NULL CHECK (json_valid(original)),
        seed INTEGER NOT NULL CHECK (seed BETWEEN 0 AND 9007199254740992),
        tuner TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'finished')),
        revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 9007199254740992),
        last_sequence INTEGER NOT NULL DEFAULT 0 CHECK (last_sequence BETWEEN 0 AND 9007199254740992),
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE trials (
        study INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        state TEXT NOT NULL CHECK (state IN
          ('waiting', 'running', 'stopping', 'completed', 'pruned', 'infeasible', 'failed')),
        reason TEXT,
        parameters TEXT NOT NULL CHECK (json_valid(parameters)),
        origin TEXT NOT NULL CHECK (json_valid(origin)),
        metrics TEXT CHECK (metrics IS NULL OR json_valid(metrics)),
        standard_errors TEXT CHECK (standard_errors IS NULL OR json_valid(standard_errors)),
        step INTEGER,
        worker TEXT,
        attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 9007199254740992),
        lost_leases INTEGER NOT NULL CHECK (lost_leases BETWEEN 0 AND 9007199254740992),
        lease_token TEXT,
        lease_expires_at INTEGER,
        created_at INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        resume TEXT CHECK (resume IS NULL OR json_valid(resume)),
        request TEXT CHECK (request IS NULL OR json_valid(request)),
        oracle TEXT CHECK (oracle IS NULL OR json_valid(oracle)),
        schedule TEXT CHECK (schedule IS NULL OR json_valid(schedule)),
        PRIMARY KEY (study, number),
        CHECK ((lease_token IS NULL) = (state NOT IN ('running', 'stopping'))),
        CHECK ((lease_token IS NULL) = (lease_expires_at IS NULL)),
        CHECK ((finished_at IS NULL) = (state IN ('waiting', 'running', 'stopping'))),
        CHECK (state <> 'completed' OR metrics IS NOT NULL),
        CHECK ((metrics IS NULL) = (standard_errors IS NULL))
      ) STRICT;

      CREATE INDEX trials_by_state ON trials (study, state, number);

      CREATE TRIGGER trial_numbers_are_dense BEFORE INSERT ON trials
      WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM trials WHERE study = NEW.study)
      BEGIN SELECT raise(ABORT, 'trial numbers are dense'); END;

      CREATE TRIGGER trials_stay BEFORE DELETE ON trials
      WHEN EXISTS (SELECT 1 FROM studies WHERE id = OLD.study)
      BEGIN SELECT raise(ABORT, 'trials go only with their study'); END;

      CREATE TRIGGER trials_keep_their_numbers BEFORE UPDATE OF study, number ON trials
      BEGIN SELECT raise(ABORT, 'trials keep their numbers'); END;

      CREATE TABLE trial_vectors (
        study INTEGER NOT NULL,
        trial INTEGER NOT NULL,
        name TEXT NOT NULL,
        doubles BLOB NOT NULL CHECK (length(doubles) % 8 = 0),
        PRIMARY KEY (study, trial, name),
        FOREIGN KEY (study, trial) REFERENCES trials (study, number) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE events (
        study INTEGER NOT NULL REFERENCES studies (id),
        sequence INTEGER NOT NULL CHECK (sequence >= 1),
        at INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN
          ('enqueued', 'started', 'reported', 'decided', 'completed', 'pruned', 'infeasible', 'failed', 'requeued',
           'corrected', 'excluded', 'updated')),
        trial INTEGER,
        payload TEXT NOT NULL CHECK (json_valid(payload)),
        PRIMARY KEY (study, sequence),
        FOREIGN KEY (study, trial) REFERENCES trials (study, number),
        CHECK ((trial IS NULL) = (kind = 'updated'))
      ) STRICT;

      CREATE TRIGGER event_sequences_are_dense BEFORE INSERT ON events
      WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE study = NEW.study)
      BEGIN SELECT raise(ABORT, 'event sequences are dense'); END;

      CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
      BEGIN SELECT raise(ABORT, 'events are only appended'); END;

      CREATE TABLE snapshots (
        study INTEGER NOT NULL PRIMARY KEY REFERENCES studies (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        format INTEGER NOT NULL,
        payload BLOB NOT NULL
      ) STRICT;
      """)
}
