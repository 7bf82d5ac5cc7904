extension Schema {
  /// Alerts with what they wait for, whom each event is for, and the messages that tell them.
  static let alerting = """
    CREATE TABLE alerts (
      organization_id TEXT NOT NULL,
      month TEXT NOT NULL CHECK (month = '' OR month GLOB '2[0-9][0-9][0-9]-[01][0-9]'),
      rule TEXT NOT NULL,
      metric TEXT NOT NULL,
      level TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'firing', 'resolved', 'expired', 'retired')),
      severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
      episode INTEGER NOT NULL CHECK (episode >= 0),
      fired_at TEXT NOT NULL,
      changed_at TEXT NOT NULL,
      reason TEXT NOT NULL,
      evidence TEXT NOT NULL,
      pending TEXT,
      acknowledgement TEXT,
      flapping TEXT,
      reminders INTEGER NOT NULL DEFAULT 0 CHECK (reminders >= 0),
      reminded_at TEXT,
      PRIMARY KEY (organization_id, month, rule, metric, level),
      CHECK ((status = 'pending') = (pending IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_open ON alerts (organization_id, month) WHERE status IN ('pending', 'firing');

    CREATE TABLE events (
      id TEXT PRIMARY KEY NOT NULL,
      organization_id TEXT NOT NULL,
      month TEXT NOT NULL,
      rule TEXT NOT NULL,
      metric TEXT NOT NULL,
      occurred_at TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;

    -- The outbox. The ids are the order of queueing.
    CREATE TABLE deliveries (
      id INTEGER PRIMARY KEY,
      message_id TEXT NOT NULL,
      notifier TEXT NOT NULL,
      channel TEXT NOT NULL,
      payload BLOB NOT NULL,
      urgency INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'dead', 'withdrawn')),
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      queued_at TEXT NOT NULL,
      last_attempt_at TEXT,
      last_answer TEXT,
      -- Whether the other side may have it though it has not said so.
      may_have_arrived INTEGER NOT NULL DEFAULT 0 CHECK (may_have_arrived IN (0, 1)),
      -- Whether some of those whom it is for have it.
      arrived_in_part INTEGER NOT NULL DEFAULT 0 CHECK (arrived_in_part IN (0, 1)),
      remark TEXT,
      died_at TEXT CHECK ((died_at IS NOT NULL) = (status = 'dead')),
      announced INTEGER NOT NULL DEFAULT 0 CHECK (announced IN (0, 1)),
      dismissed_at TEXT CHECK (dismissed_at IS NULL OR status = 'dead'),
      dismissed_by TEXT CHECK ((dismissed_by IS NULL) = (dismissed_at IS NULL)),
      UNIQUE (message_id, notifier)
    ) STRICT;
    CREATE INDEX deliveries_dead ON deliveries (id) WHERE status = 'dead' AND dismissed_at IS NULL;
    CREATE INDEX deliveries_pending ON deliveries (notifier, id) WHERE status = 'pending';

    -- How the notifiers' channels have answered lately.
    CREATE TABLE channels (
      notifier TEXT PRIMARY KEY NOT NULL,
      failures INTEGER NOT NULL CHECK (failures >= 0),
      last_attempt_at TEXT,
      rests_until TEXT,
      disabled_at TEXT,
      disabled_reason TEXT CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
      configuration TEXT CHECK ((configuration IS NULL) = (disabled_at IS NULL AND rests_until IS NULL))
    ) STRICT, WITHOUT ROWID;

    -- What tells this database from any other: one row, made with the tables.
    CREATE TABLE installation (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      name TEXT NOT NULL CHECK (length(name) = 32)
    ) STRICT;
    INSERT INTO installation (id, name) VALUES (1, lower(hex(randomblob(16))));

    -- Whom each event is for, and what has become of that. The ids are the order of the events.
    CREATE TABLE notices (
      id INTEGER PRIMARY KEY,
      event_id TEXT NOT NULL REFERENCES events (id),
      notifier TEXT NOT NULL,
      subject TEXT NOT NULL,
      organization_id TEXT NOT NULL,
      transition TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'dropped')),
      hold TEXT CHECK (hold IS NULL OR state = 'waiting'),
      drop_reason TEXT CHECK ((drop_reason IS NOT NULL) = (state = 'dropped')),
      -- The event that is told instead.
      superseded_by TEXT REFERENCES events (id) CHECK (superseded_by IS NULL OR drop_reason = 'superseded'),
      delivery_id INTEGER REFERENCES deliveries (id) CHECK ((delivery_id IS NOT NULL) = (state = 'queued')),
      since TEXT NOT NULL,
      UNIQUE (event_id, notifier)
    ) STRICT;
    CREATE INDEX notices_waiting ON notices (notifier, id) WHERE state = 'waiting';
    CREATE INDEX notices_by_subject ON notices (subject, notifier, delivery_id);
    CREATE INDEX notices_by_delivery ON notices (delivery_id) WHERE delivery_id IS NOT NULL;
    CREATE INDEX notices_superseded ON notices (superseded_by) WHERE superseded_by IS NOT NULL;
    CREATE INDEX notices_by_organization ON notices (organization_id, id);

    CREATE TABLE silences (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      organization_id TEXT,
      rule TEXT,
      starts_at TEXT NOT NULL,
      ends_at TEXT NOT NULL,
      reason TEXT NOT NULL,
      created_by TEXT NOT NULL,
      -- When somebody ended it before its time, and who.
      ended_at TEXT,
      ended_by TEXT CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
      CHECK (starts_at < ends_at),
      CHECK (organization_id IS NOT NULL OR rule IS NOT NULL)
    ) STRICT;

    -- Doubts about the vendor's figures as a whole; at most one is not settled.
    CREATE TABLE breaker_trips (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      tripped_at TEXT NOT NULL,
      body TEXT NOT NULL,
      settled_at TEXT,
      outcome TEXT CHECK (outcome IN ('confirmed', 'denied', 'expired')),
      CHECK ((settled_at IS NULL) = (outcome IS NULL))
    ) STRICT;
    -- Edits that may be mistakes, and close nothing for a while; at most one is open.
    CREATE TABLE retirement_holds (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      body TEXT NOT NULL,
      settled_at TEXT
    ) STRICT;
    CREATE UNIQUE INDEX retirement_hold_open ON retirement_holds ((settled_at IS NULL)) WHERE settled_at IS NULL;
    CREATE UNIQUE INDEX breaker_trip_open ON breaker_trips ((settled_at IS NULL)) WHERE settled_at IS NULL;

    -- The months whose figures are not believed yet; written with the readings that brought them.
    CREATE TABLE doubts (
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '2[0-9][0-9][0-9]-[01][0-9]'),
      body TEXT NOT NULL,
      PRIMARY KEY (organization_id, month)
    ) STRICT, WITHOUT ROWID;

    -- The times in which every key was refused; at most one has not ended.
    CREATE TABLE key_refusals (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      began_at TEXT NOT NULL,
      body TEXT NOT NULL,
      ended_at TEXT
    ) STRICT;
    CREATE UNIQUE INDEX key_refusal_open ON key_refusals ((ended_at IS NULL)) WHERE ended_at IS NULL;
    """
}
