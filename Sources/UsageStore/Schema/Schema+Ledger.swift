extension Schema {
  /// Our own count of what the vendor was asked for. What was in a document is never here.
  static let ledger = """
    -- requested_at and ended_at are NULL where nobody has told; counted_at is the end, or else the request, and
    -- began_at the request, both with our own times where nobody has told.
    CREATE TABLE executions (
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      kind TEXT NOT NULL CHECK (kind IN ('step', 'conversion', 'identification')),
      id TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('enqueued', 'processing', 'success', 'error')),
      pages INTEGER CHECK (pages >= 0),
      requested_at TEXT,
      ended_at TEXT,
      origin TEXT NOT NULL CHECK (origin IN ('run', 'poll', 'webhook', 'import')),
      first_seen_at TEXT NOT NULL,
      changed_at TEXT NOT NULL,
      polled_at TEXT,
      gave_up_at TEXT,
      began_at TEXT NOT NULL,
      counted_at TEXT NOT NULL,
      CHECK (began_at <= counted_at),
      CHECK (ended_at IS NULL OR status IN ('success', 'error')),
      PRIMARY KEY (organization_id, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX executions_by_id ON executions (id);
    CREATE INDEX executions_by_time ON executions (counted_at, began_at);
    CREATE INDEX executions_by_organization
      ON executions (organization_id, counted_at, kind, status, began_at, pages, gave_up_at);
    CREATE INDEX executions_open ON executions (began_at)
      WHERE status IN ('enqueued', 'processing') AND gave_up_at IS NULL;
    """
}
