SELECT l.organization_id, o.name, l.month, l.invoice_id, l.line_id, l.issue_status, l.charge_category, l.metric, l.currency,
  s.pages, l.quantity, CAST(l.quantity AS INTEGER) - s.pages, l.amount, s.id
FROM invoice_lines l
JOIN organizations o ON o.id = l.organization_id
JOIN organization_months m ON m.organization_id = l.organization_id AND m.month = l.month
JOIN snapshots s ON s.organization_id = m.organization_id AND s.month = m.month
  AND s.first_seen_at = m.snapshot_first_seen_at AND s.id = m.snapshot_id
WHERE l.is_current AND l.month BETWEEN '2025-01' AND '2025-12'
ORDER BY l.organization_id, l.month, l.invoice_id, l.line_id;
