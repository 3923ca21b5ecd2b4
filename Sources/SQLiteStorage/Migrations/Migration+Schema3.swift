extension Migration {
  /// What trials are listed and found by, what becomes of them after their end, and answers to writes that may be repeated.
  ///
  /// `cost` and `eligible` are what `TrialStanding` says of a trial; those that are there already get theirs here.
  static let schema3 = Migration(
    version: 3,
    sql: """
      ALTER TABLE trials ADD COLUMN excluded_at INTEGER;
      ALTER TABLE trials ADD COLUMN revision INTEGER NOT NULL DEFAULT 0 CHECK (revision BETWEEN 0 AND 9007199254740992);
      ALTER TABLE trials ADD COLUMN cost REAL;
      ALTER TABLE trials ADD COLUMN eligible INTEGER NOT NULL DEFAULT 0 CHECK (eligible IN (0, 1));

      UPDATE trials SET cost = (
        SELECT CASE json_extract(s.definition, '$.objectives[0].goal') WHEN 'minimize' THEN m.value ELSE -m.value END
        FROM studies AS s JOIN json_each(trials.metrics) AS m
        ON m.key = json_extract(s.definition, '$.objectives[0].metric')
        WHERE s.id = trials.study AND json_array_length(s.definition, '$.objectives') = 1
          AND m.type IN ('integer', 'real'))
      WHERE state = 'completed';

      UPDATE trials SET eligible = 1
      WHERE state = 'completed'
        AND NOT EXISTS (
          SELECT 1 FROM studies AS s, json_each(s.definition, '$.objectives') AS o
          WHERE s.id = trials.study AND NOT EXISTS (
            SELECT 1 FROM json_each(trials.metrics) AS m
            WHERE m.key = json_extract(o.value, '$.metric') AND m.type IN ('integer', 'real')))
        AND NOT EXISTS (
          SELECT 1 FROM studies AS s, json_each(s.definition, '$.outcome_constraints') AS c
          WHERE s.id = trials.study AND NOT EXISTS (
            SELECT 1 FROM json_each(trials.metrics) AS m
            WHERE m.key = json_extract(c.value, '$.metric') AND m.type IN ('integer', 'real')
              AND m.value <= coalesce(json_extract(c.value, '$.at_most'), m.value)
              AND m.value >= coalesce(json_extract(c.value, '$.at_least'), m.value)));

      CREATE INDEX trials_by_worker ON trials (study, worker, state, number) WHERE worker IS NOT NULL;
      CREATE INDEX trials_by_cost ON trials (study, cost, number, state, worker);
      CREATE INDEX trials_by_end ON trials (study, finished_at, number, state, worker);
      CREATE INDEX eligible_trials ON trials (study, cost, number, finished_at) WHERE eligible = 1;
      CREATE INDEX trials_never_handed_out ON trials (study) WHERE attempt = 0;

      CREATE TABLE answers (
        key TEXT NOT NULL PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
        headers TEXT NOT NULL CHECK (json_valid(headers)),
        body BLOB NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;

      CREATE INDEX answers_by_time ON answers (at);
      """)
}
