-- What `report usage` exports, in SQL: a row for each organization, month and metric, for months that are all settled.
SELECT 1 AS schema_version, m.organization_id, o.name AS organization_name, m.month AS period, 'UTC' AS period_time_zone,
  m.month || '-01T00:00:00.000Z' AS period_start_utc,
  strftime('%Y-%m-%dT00:00:00.000Z', m.month || '-01', '+1 month') AS period_end_utc,
  c.metric,
  CASE c.metric WHEN 'pages' THEN s.pages ELSE s.conversions END AS quantity,
  CASE c.metric WHEN 'pages' THEN 'page' ELSE 'conversion' END AS unit,
  CASE c.metric WHEN 'pages' THEN m.quota_pages ELSE m.quota_conversions END AS quota,
  printf('%.2f', 100.0 * CASE c.metric WHEN 'pages' THEN s.pages ELSE s.conversions END
    / CASE c.metric WHEN 'pages' THEN m.quota_pages ELSE m.quota_conversions END) AS percent_of_quota,
  CASE WHEN m.settled_at IS NULL THEN 'open' ELSE 'settled' END AS period_status,
  s.first_seen_at AS first_seen_utc, s.last_seen_at AS last_seen_utc, s.id AS snapshot_id
FROM organization_months m
JOIN organizations o ON o.id = m.organization_id
JOIN snapshots s ON s.organization_id = m.organization_id AND s.month = m.month
  AND s.first_seen_at = m.snapshot_first_seen_at AND s.id = m.snapshot_id
CROSS JOIN (SELECT 'conversions' AS metric UNION ALL SELECT 'pages') c
WHERE m.month BETWEEN '2021-01' AND '2025-12'
ORDER BY m.organization_id, m.month, c.metric;
