extension Schema {
  /// What the vendor was seen to count.
  static let usage = """
    CREATE TABLE organizations (
      id TEXT PRIMARY KEY NOT NULL,
      name TEXT NOT NULL,
      first_attempt_at TEXT,
      last_success_at TEXT,
      first_failed_at TEXT,
      last_failed_at TEXT,
      failure_count INTEGER NOT NULL DEFAULT 0 CHECK (failure_count >= 0),
      failure_reason TEXT,
      failure_message TEXT,
      -- The first of these failures in which something else than the vendor answered, or a limit.
      obstructed_since TEXT,
      -- The time of which nothing is known, between a restored backup and the first success after it.
      gap_from TEXT,
      gap_to TEXT CHECK ((gap_to IS NULL) = (gap_from IS NULL)),
      CHECK ((failure_count = 0) = (first_failed_at IS NULL)),
      CHECK ((failure_count = 0) = (last_failed_at IS NULL)),
      CHECK ((failure_count = 0) = (failure_reason IS NULL)),
      CHECK ((failure_count = 0) = (failure_message IS NULL)),
      CHECK (failure_count > 0 OR obstructed_since IS NULL)
    ) STRICT, WITHOUT ROWID;

    -- A reading, and for how long its values were seen unchanged. An organization's lie together, as they are read: a
    -- run writes those of all organizations in turn. `id` counts all of them.
    CREATE TABLE snapshots (
      id INTEGER NOT NULL,
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      pages INTEGER NOT NULL CHECK (pages >= 0),
      conversions INTEGER NOT NULL CHECK (conversions >= 0),
      first_seen_at TEXT NOT NULL,
      last_seen_at TEXT NOT NULL,
      PRIMARY KEY (organization_id, month, first_seen_at, id),
      CHECK (first_seen_at <= last_seen_at)
    ) STRICT, WITHOUT ROWID;

    -- The last id that a snapshot was given: one row. Ids are never used again: alerts name them.
    CREATE TABLE last_snapshot (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      snapshot_id INTEGER NOT NULL
    ) STRICT;

    -- The latest snapshot of each month. That it exists is checked by `db check`: a foreign key would need an index.
    CREATE TABLE organization_months (
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      snapshot_id INTEGER NOT NULL,
      snapshot_first_seen_at TEXT NOT NULL,
      quota_pages INTEGER CHECK (quota_pages >= 0),
      quota_conversions INTEGER CHECK (quota_conversions >= 0),
      asked_at TEXT,
      settled_at TEXT,
      PRIMARY KEY (organization_id, month)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX organization_months_unsettled ON organization_months (organization_id, month)
      WHERE settled_at IS NULL;

    -- How far old snapshots have been thinned: one row.
    CREATE TABLE thinning (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      thinned_before TEXT NOT NULL
    ) STRICT;

    -- A summary of each organization's use over the last weeks, which can be made anew from its snapshots.
    CREATE TABLE usage_profiles (
      organization_id TEXT PRIMARY KEY NOT NULL REFERENCES organizations (id),
      body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- The last backup that was made and verified: one row.
    CREATE TABLE last_backup (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      made_at TEXT NOT NULL,
      path TEXT NOT NULL
    ) STRICT;

    -- The backups that were put in the place of the database.
    CREATE TABLE restorations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      gap_from TEXT NOT NULL,
      gap_to TEXT NOT NULL CHECK (gap_from <= gap_to),
      path TEXT NOT NULL,
      caught_up INTEGER NOT NULL DEFAULT 0 CHECK (caught_up IN (0, 1))
    ) STRICT;

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      started_at TEXT NOT NULL,
      ended_at TEXT,
      organizations INTEGER NOT NULL DEFAULT 0 CHECK (organizations >= 0),
      read INTEGER NOT NULL DEFAULT 0 CHECK (read >= 0),
      failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
      requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0),
      events INTEGER NOT NULL DEFAULT 0 CHECK (events >= 0),
      delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered >= 0),
      pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
      dead INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0)
    ) STRICT;

    -- What goes wrong since the last run that has looked.
    CREATE TABLE troubles (
      subject TEXT PRIMARY KEY NOT NULL,
      organization_id TEXT NOT NULL,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
