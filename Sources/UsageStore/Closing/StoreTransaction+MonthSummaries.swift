internal import QuotaCore

extension StoreTransaction {
  func monthSummaries(of organizations: [OrganizationID]?) throws -> [MonthSummary] {
    let only = try organizations.map { try JSONEach($0) }
    let isAsked = "(?1 IS NULL OR organization_id IN (SELECT value FROM json_each(?1)))"
    return try rows(
      """
      WITH read AS (
        SELECT month, count(*) AS number, count(settled_at) AS settled FROM organization_months WHERE \(isAsked)
        GROUP BY month),
      closed AS (
        SELECT month, count(*) AS number FROM closings c WHERE action = 'close' AND \(isAsked) AND sequence = (
          SELECT max(sequence) FROM closings WHERE organization_id = c.organization_id AND month = c.month)
        GROUP BY month),
      lines AS (
        SELECT month, count(*) AS number FROM invoice_lines WHERE is_current AND month IS NOT NULL AND \(isAsked)
        GROUP BY month)
      SELECT m.month, coalesce(read.number, 0), coalesce(read.settled, 0), coalesce(closed.number, 0),
        coalesce(lines.number, 0)
      FROM (SELECT month FROM read UNION SELECT month FROM lines) m
      LEFT JOIN read ON read.month = m.month LEFT JOIN closed ON closed.month = m.month
      LEFT JOIN lines ON lines.month = m.month
      ORDER BY m.month DESC
      """,
      only
    ) { row in
      MonthSummary(
        month: try row.next(), read: try row.next(), settled: try row.next(), closed: try row.next(),
        invoiceLines: try row.next())
    }
  }
}
