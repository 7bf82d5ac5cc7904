import GRDB
import QuotaCore
import Testing

@testable import UsageStore

@Suite("The schema")
struct SchemaTests {
  /// The schema as it shipped. If this fails, add a migration instead of changing the one that exists.
  private static let version1 = """
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
      CHECK ((failure_count = 0) = (first_failed_at IS NULL)),
      CHECK ((failure_count = 0) = (last_failed_at IS NULL)),
      CHECK ((failure_count = 0) = (failure_reason IS NULL)),
      CHECK ((failure_count = 0) = (failure_message IS NULL))
    ) STRICT, WITHOUT ROWID
    CREATE TABLE snapshots (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      pages INTEGER NOT NULL CHECK (pages >= 0),
      conversions INTEGER NOT NULL CHECK (conversions >= 0),
      first_seen_at TEXT NOT NULL,
      last_seen_at TEXT NOT NULL,
      CHECK (first_seen_at <= last_seen_at)
    ) STRICT
    CREATE INDEX snapshots_by_month ON snapshots (organization_id, month, first_seen_at)
    CREATE TABLE organization_months (
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      month TEXT NOT NULL CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      snapshot_id INTEGER NOT NULL,
      quota_pages INTEGER CHECK (quota_pages >= 0),
      quota_conversions INTEGER CHECK (quota_conversions >= 0),
      asked_at TEXT,
      settled_at TEXT,
      PRIMARY KEY (organization_id, month)
    ) STRICT, WITHOUT ROWID
    CREATE INDEX organization_months_unsettled ON organization_months (organization_id, month)
      WHERE settled_at IS NULL
    CREATE TABLE alerts (
      organization_id TEXT NOT NULL,
      month TEXT NOT NULL CHECK (month = '' OR month GLOB '2[0-9][0-9][0-9]-[01][0-9]'),
      rule TEXT NOT NULL,
      metric TEXT NOT NULL,
      level TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('firing', 'resolved', 'expired')),
      severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
      episode INTEGER NOT NULL CHECK (episode >= 1),
      fired_at TEXT NOT NULL,
      changed_at TEXT NOT NULL,
      reason TEXT NOT NULL,
      evidence TEXT NOT NULL,
      PRIMARY KEY (organization_id, month, rule, metric, level)
    ) STRICT, WITHOUT ROWID
    CREATE INDEX alerts_firing ON alerts (organization_id, month) WHERE status = 'firing'
    CREATE TABLE events (
      id TEXT PRIMARY KEY NOT NULL,
      organization_id TEXT NOT NULL,
      month TEXT NOT NULL,
      rule TEXT NOT NULL,
      metric TEXT NOT NULL,
      occurred_at TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT
    CREATE TABLE deliveries (
      id INTEGER PRIMARY KEY,
      event_id TEXT NOT NULL REFERENCES events (id),
      notifier TEXT NOT NULL,
      subject TEXT NOT NULL,
      payload BLOB NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'dead')),
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      queued_at TEXT NOT NULL,
      next_attempt_at TEXT NOT NULL,
      last_attempt_at TEXT,
      last_answer TEXT,
      UNIQUE (event_id, notifier)
    ) STRICT
    CREATE INDEX deliveries_by_time ON deliveries (notifier, next_attempt_at, id) WHERE status = 'pending'
    CREATE INDEX deliveries_by_subject ON deliveries (notifier, subject, id) WHERE status = 'pending'
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
    ) STRICT
    CREATE TABLE thinning (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      thinned_before TEXT NOT NULL
    ) STRICT
    """

  @Test("The first version is exactly the schema that shipped")
  func golden() async throws {
    let dump = try await DatabaseQueue().write { database in
      try database.execute(sql: SchemaVersion1.statements)
      return try String.fetchAll(
        database, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
      )
    }
    #expect(dump.joined(separator: "\n") == Self.version1)
  }

  @Test("A database of the first version is brought to the present one with all that it holds")
  func monthsOfTheFirstVersion() async throws {
    let fixture = try StoreFixture()
    let old = try DatabaseQueue(path: fixture.path)
    try await old.write { database in
      try database.execute(sql: Schema.migrations[0])
      try database.execute(
        sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 1;"
          + "INSERT INTO organizations (id, name) VALUES ('acme', 'Acme');"
          + "INSERT INTO snapshots VALUES (1, 'acme', '2026-10', 5, 2, '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z');"
          + "INSERT INTO organization_months VALUES ('acme', '2026-10', 1, NULL, NULL, NULL, NULL)")
    }
    try old.close()
    try await fixture.fill { writer in
      let month = try writer.months(of: [.acme], from: .october, to: .october)[.acme]?[.october]
      #expect(month?.snapshot.counters == Counters(pages: 5, conversions: 2))
      #expect(try writer.lastClosing() == nil)
    }
    #expect(try SQLiteStore.check(path: fixture.path) == [])
  }

  @Test("Every table is strict")
  func strict() async throws {
    let fixture = try StoreFixture()
    try await fixture.fill()
    let loose = try await DatabaseQueue(path: fixture.path).read { database in
      try String.fetchAll(
        database,
        sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'")
    }
    #expect(loose == [])
  }

  @Test(
    "Rows that cannot be true are refused",
    arguments: [
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', -1, 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', 1, 0, 'b', 'a')",
      "INSERT INTO snapshots VALUES (1, 'acme', '26-11', 1, 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', 'x', 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'nobody', '2026-11', 1, 0, 'a', 'b')",
      "INSERT INTO alerts VALUES ('acme', '', 'r', '', '', 'asleep', 'info', 1, 'a', 'b', '', '{}', NULL, NULL, NULL, 0, NULL)",
      "INSERT INTO alerts VALUES ('acme', '', 'r', '', '', 'pending', 'info', 0, 'a', 'b', '', '{}', NULL, NULL, NULL, 0, NULL)",
      "INSERT INTO notices VALUES (1, 'no-event', 'ops', 's', 'acme', 'firing', 'waiting', NULL, NULL, NULL, 'a')",
      "INSERT INTO silences VALUES (1, NULL, NULL, 'a', 'b', 'c', 'd')",
      "UPDATE organizations SET failure_count = 1",
      "INSERT INTO executions VALUES ('acme', 'x', 'a', 'success', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'done', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'error', -1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'error', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'b', 'a')",
      "INSERT INTO executions VALUES ('nobody', 'step', 'a', 'error', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
    ])
  func constraints(sql: String) async throws {
    let fixture = try StoreFixture()
    try await fixture.fill { try $0.register([Organization(id: .acme)]) }
    try await DatabaseQueue(path: fixture.path).write { database in
      let error = #expect(throws: DatabaseError.self) { try database.execute(sql: sql) }
      #expect([.SQLITE_CONSTRAINT, .SQLITE_MISMATCH].contains(error?.resultCode))
    }
  }

  @Test("The alerts and deliveries of the first version are there in the present one")
  func migration() async throws {
    let fixture = try StoreFixture()
    let fired = event("pages-quota/acme/2026-11/pages/80%/firing/1")
    try await DatabaseQueue(path: fixture.path).write { database in
      try database.execute(sql: SchemaVersion1.statements)
      try database.execute(
        sql: """
          INSERT INTO alerts VALUES ('acme', '2026-11', 'pages-quota', 'pages', '80%', 'firing', 'warning', 1,
            '2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00.000Z', 'reached', '{"snapshot_ids":[1]}');
          INSERT INTO events VALUES ('\(fired.id)', 'acme', '2026-11', 'pages-quota', 'pages', '2026-11-23T10:00:00.000Z',
            '\(Self.body)');
          INSERT INTO deliveries VALUES (7, '\(fired.id)', 'ops', 'acme/2026-11/pages-quota/pages', x'01', 'pending', 2,
            '2026-11-23T10:00:00.000Z', '2026-11-23T10:05:00.000Z', NULL, '503');
          PRAGMA application_id = \(Schema.applicationID);
          PRAGMA user_version = 1;
          """)
    }
    let store = try fixture.writer()
    try await store.read { reader in
      #expect(try reader.alerts([.firing]).map(\.key.description) == ["pages-quota/acme/2026-11/pages/80%"])
      let delivery = try #require(try reader.nextDelivery(for: NotifierID("ops")))
      #expect(delivery.message.rawValue == fired.id.rawValue)
      #expect(delivery.attempts == 2)
      let notice = try #require(try reader.notices(of: .acme, limit: 1).first)
      #expect(notice.state == .queued(delivery.message))
      #expect(notice.event.episode == 1)
      #expect(try reader.notifiersTold(of: notice.event.subject) == [NotifierID("ops")])
    }
  }

  /// An event as the first version wrote it.
  private static let body = """
    {"crossed":["80%"],"evidence":{"snapshot_ids":[1]},"id":"pages-quota/acme/2026-11/pages/80%/firing/1","level":"80%",\
    "metric":"pages","month":"2026-11","occurred_at":"2026-11-23T10:00:00.000Z","organization":"acme",\
    "organization_name":"Acme","reason":"reached","rule":"pages-quota","rule_type":"threshold","severity":"warning",\
    "transition":"firing"}
    """
}
