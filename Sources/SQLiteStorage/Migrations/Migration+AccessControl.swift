extension Migration {
  /// Access tokens, of whose secrets only digests are kept, and what was done by whom.
  ///
  /// Both only grow: a token that was revoked stays as one, and the audit is not changed.
  static let accessControl = Migration(
    version: 4,
    sql: """
      CREATE TABLE access_tokens (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE CHECK (length(id) = 16),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        name TEXT NOT NULL,
        scopes TEXT NOT NULL CHECK (json_valid(scopes)),
        study_prefix TEXT,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        last_used_at INTEGER
      ) STRICT;

      CREATE TRIGGER access_tokens_stay BEFORE DELETE ON access_tokens
      BEGIN SELECT raise(ABORT, 'access tokens are revoked, not removed'); END;

      CREATE TRIGGER access_tokens_keep_their_rights BEFORE UPDATE OF id, digest, scopes, study_prefix, expires_at
      ON access_tokens
      BEGIN SELECT raise(ABORT, 'access tokens keep their rights'); END;

      CREATE TRIGGER revoked_is_revoked BEFORE UPDATE OF revoked_at ON access_tokens
      WHEN OLD.revoked_at IS NOT NULL
      BEGIN SELECT raise(ABORT, 'a revoked access token stays revoked'); END;

      CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        caller TEXT NOT NULL CHECK (caller IN ('token', 'anonymous', 'local')),
        token TEXT,
        request TEXT,
        CHECK ((token IS NULL) = (caller <> 'token'))
      ) STRICT;

      CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
      BEGIN SELECT raise(ABORT, 'the audit is only appended to'); END;

      CREATE TRIGGER audit_stays BEFORE DELETE ON audit
      BEGIN SELECT raise(ABORT, 'the audit is only appended to'); END;
      """)
}
