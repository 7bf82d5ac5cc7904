extension Schema {
  /// The closing journal: rows are added, never changed. What an entry does not have is NULL.
  static let closing = """
    CREATE TABLE closings (
      sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
      action TEXT NOT NULL CHECK (action IN ('close', 'reopen')),
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      time_zone TEXT NOT NULL,
      pages INTEGER CHECK (pages >= 0),
      conversions INTEGER CHECK (conversions >= 0),
      snapshot_id INTEGER,
      first_seen_at TEXT,
      last_seen_at TEXT,
      quota_pages INTEGER CHECK (quota_pages >= 0),
      quota_conversions INTEGER CHECK (quota_conversions >= 0),
      settled INTEGER CHECK (settled IN (0, 1)),
      plan TEXT,
      plan_version TEXT,
      forced_because TEXT,
      reason TEXT,
      acted_at TEXT NOT NULL,
      acted_by TEXT NOT NULL,
      previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
      hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
      CHECK ((action = 'close') = (settled IS NOT NULL)),
      CHECK ((action = 'reopen') = (reason IS NOT NULL)),
      CHECK ((snapshot_id IS NULL) = (pages IS NULL)),
      CHECK ((snapshot_id IS NULL) = (conversions IS NULL)),
      CHECK ((snapshot_id IS NULL) = (first_seen_at IS NULL)),
      CHECK ((snapshot_id IS NULL) = (last_seen_at IS NULL))
    ) STRICT;
    CREATE INDEX closings_by_month ON closings (organization_id, month, sequence);
    CREATE INDEX closings_by_snapshot ON closings (snapshot_id) WHERE snapshot_id IS NOT NULL;
    """
}
