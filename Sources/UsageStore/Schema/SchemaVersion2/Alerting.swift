extension SchemaVersion2 {
  /// Alerts with what they wait for, whom each event is for, and the messages that tell them.
  enum Alerting {
    static let statements = """
      ALTER TABLE alerts RENAME TO alerts_1;
      CREATE TABLE alerts (
        organization_id TEXT NOT NULL,
        month TEXT NOT NULL CHECK (month = '' OR month GLOB '2[0-9][0-9][0-9]-[01][0-9]'),
        rule TEXT NOT NULL,
        metric TEXT NOT NULL,
        level TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'firing', 'resolved', 'expired')),
        severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
        episode INTEGER NOT NULL CHECK (episode >= 0),
        fired_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        reason TEXT NOT NULL,
        evidence TEXT NOT NULL,
        pending TEXT,
        acknowledgement TEXT,
        swing TEXT,
        reminders INTEGER NOT NULL DEFAULT 0 CHECK (reminders >= 0),
        reminded_at TEXT,
        PRIMARY KEY (organization_id, month, rule, metric, level),
        CHECK ((status = 'pending') = (pending IS NOT NULL))
      ) STRICT, WITHOUT ROWID;
      INSERT INTO alerts (organization_id, month, rule, metric, level, status, severity, episode, fired_at, changed_at,
        reason, evidence)
      SELECT organization_id, month, rule, metric, level, status, severity, episode, fired_at, changed_at, reason,
        evidence FROM alerts_1;
      DROP TABLE alerts_1;
      CREATE INDEX alerts_open ON alerts (organization_id, month) WHERE status IN ('pending', 'firing');

      -- The outbox. The ids are the order of queueing.
      ALTER TABLE deliveries RENAME TO deliveries_1;
      CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL,
        notifier TEXT NOT NULL,
        payload BLOB NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'dead')),
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        queued_at TEXT NOT NULL,
        next_attempt_at TEXT NOT NULL,
        last_attempt_at TEXT,
        last_answer TEXT,
        UNIQUE (message_id, notifier)
      ) STRICT;

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
        delivery_id INTEGER REFERENCES deliveries (id) CHECK ((delivery_id IS NOT NULL) = (state = 'queued')),
        since TEXT NOT NULL,
        UNIQUE (event_id, notifier)
      ) STRICT;

      INSERT INTO deliveries (id, message_id, notifier, payload, status, attempts, queued_at, next_attempt_at,
        last_attempt_at, last_answer)
      SELECT id, event_id, notifier, payload, status, attempts, queued_at, next_attempt_at, last_attempt_at,
        last_answer FROM deliveries_1;
      INSERT INTO notices (event_id, notifier, subject, organization_id, transition, state, delivery_id, since)
      SELECT e.id, d.notifier,
        e.rule || '/' || e.organization_id || CASE e.month WHEN '' THEN '' ELSE '/' || e.month END
          || CASE e.metric WHEN '' THEN '' ELSE '/' || e.metric END,
        e.organization_id, e.body ->> '$.transition', 'queued', d.id, d.queued_at
      FROM deliveries_1 d JOIN events e ON e.id = d.event_id ORDER BY d.id;
      DROP TABLE deliveries_1;

      CREATE INDEX deliveries_by_time ON deliveries (notifier, next_attempt_at, id) WHERE status = 'pending';
      CREATE INDEX notices_waiting ON notices (notifier, id) WHERE state = 'waiting';
      CREATE INDEX notices_by_subject ON notices (subject, notifier, delivery_id);
      CREATE INDEX notices_by_delivery ON notices (delivery_id) WHERE delivery_id IS NOT NULL;
      CREATE INDEX notices_by_organization ON notices (organization_id, id);

      CREATE TABLE silences (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        organization_id TEXT,
        rule TEXT,
        starts_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_by TEXT NOT NULL,
        CHECK (starts_at < ends_at),
        CHECK (organization_id IS NOT NULL OR rule IS NOT NULL)
      ) STRICT;

      -- Doubts about the vendor's figures as a whole; at most one is not settled.
      CREATE TABLE breaker_trips (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        tripped_at TEXT NOT NULL,
        body TEXT NOT NULL,
        settled_at TEXT,
        outcome TEXT CHECK (outcome IN ('confirmed', 'denied')),
        CHECK ((settled_at IS NULL) = (outcome IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX breaker_trip_open ON breaker_trips ((settled_at IS NULL)) WHERE settled_at IS NULL;

      -- A summary of each organization's use over the last weeks, which can be made anew from its snapshots.
      CREATE TABLE rhythms (
        organization_id TEXT PRIMARY KEY NOT NULL REFERENCES organizations (id),
        body BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      """
  }
}
