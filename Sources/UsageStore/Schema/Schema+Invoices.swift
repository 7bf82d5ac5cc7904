extension Schema {
  /// Invoices. Lines are kept in every version; amounts and quantities are decimal text.
  static let invoices = """
    CREATE TABLE invoice_imports (
      id INTEGER PRIMARY KEY,
      file_name TEXT NOT NULL,
      file_hash TEXT NOT NULL CHECK (length(file_hash) = 64),
      mapping TEXT NOT NULL,
      imported_at TEXT NOT NULL,
      imported_by TEXT NOT NULL
    ) STRICT;

    CREATE TABLE invoices (
      id TEXT PRIMARY KEY NOT NULL,
      void_reason TEXT,
      voided_at TEXT,
      voided_by TEXT,
      CHECK ((void_reason IS NULL) = (voided_at IS NULL)),
      CHECK ((void_reason IS NULL) = (voided_by IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE invoice_totals (
      invoice_id TEXT NOT NULL REFERENCES invoices (id),
      currency TEXT NOT NULL CHECK (length(currency) = 3),
      kind TEXT NOT NULL CHECK (kind IN ('net', 'tax', 'total')),
      amount TEXT NOT NULL,
      PRIMARY KEY (invoice_id, currency, kind)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE invoice_lines (
      id INTEGER PRIMARY KEY,
      invoice_id TEXT NOT NULL REFERENCES invoices (id),
      line_id TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version >= 1),
      is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
      organization_id TEXT,
      organization_text TEXT NOT NULL,
      month TEXT CHECK (month GLOB '20[0-9][0-9]-[01][0-9]' OR month GLOB '2100-[01][0-9]'),
      charge_category TEXT CHECK (charge_category IN ('usage', 'purchase', 'tax', 'credit', 'adjustment')),
      metric TEXT CHECK (metric IN ('pages', 'conversions')),
      quantity TEXT,
      unit_price TEXT,
      amount TEXT NOT NULL,
      currency TEXT NOT NULL CHECK (length(currency) = 3),
      description TEXT,
      is_proration INTEGER NOT NULL CHECK (is_proration IN (0, 1)),
      issue_status TEXT NOT NULL CHECK (issue_status IN ('open', 'issued', 'voided')),
      is_withdrawn INTEGER NOT NULL CHECK (is_withdrawn IN (0, 1)),
      unknown_because TEXT,
      import_id INTEGER NOT NULL REFERENCES invoice_imports (id)
    ) STRICT;
    CREATE INDEX invoice_lines_by_month ON invoice_lines (organization_id, month) WHERE is_current;
    -- Two indices, since nearly every line has one version only, which then is in one of them.
    CREATE UNIQUE INDEX invoice_lines_current ON invoice_lines (invoice_id, line_id) WHERE is_current;
    CREATE UNIQUE INDEX invoice_lines_past ON invoice_lines (invoice_id, line_id, version) WHERE NOT is_current;
    """
}
