extension Schema {
  /// What persons have said of rows of the reconciliation: added, never changed. An organization may be one that only an
  /// invoice knows.
  static let reviews = """
    CREATE TABLE reviews (
      id INTEGER PRIMARY KEY,
      organization_id TEXT NOT NULL,
      month TEXT NOT NULL CHECK (month GLOB '2[0-9][0-9][0-9]-[01][0-9]'),
      entry TEXT NOT NULL,
      figures TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('accepted', 'disputed')),
      note TEXT NOT NULL,
      reviewed_at TEXT NOT NULL,
      reviewed_by TEXT NOT NULL
    ) STRICT;
    CREATE INDEX reviews_by_month ON reviews (organization_id, month);
    """
}
