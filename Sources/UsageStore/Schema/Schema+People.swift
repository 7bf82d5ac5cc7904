extension Schema {
  /// What people did, and what they show to do it. Rows of `acts` are added, and only lose the key of their request.
  static let people = """
    CREATE TABLE acts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      acted_at TEXT NOT NULL,
      acted_by TEXT NOT NULL,
      way TEXT NOT NULL CHECK (way IN ('command', 'page', 'api')),
      kind TEXT NOT NULL,
      organizations TEXT NOT NULL,
      objects TEXT NOT NULL,
      words TEXT NOT NULL,
      request_key TEXT,
      request_digest TEXT CHECK ((request_digest IS NULL) = (request_key IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX acts_by_request ON acts (request_key) WHERE request_key IS NOT NULL;

    -- organizations is NULL for a token of all.
    CREATE TABLE tokens (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
      scopes TEXT NOT NULL,
      organizations TEXT,
      created_at TEXT NOT NULL,
      created_by TEXT NOT NULL,
      expires_at TEXT,
      last_used_at TEXT,
      revoked_at TEXT
    ) STRICT;
    CREATE UNIQUE INDEX tokens_by_name ON tokens (name) WHERE revoked_at IS NULL;
    """
}
