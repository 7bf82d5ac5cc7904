"""A world with a history: organizations whose months were read for more than a year, for looking at pages and measuring
them. The simulated vendor answers for the present; what was read before is written into the database."""

import datetime
import json
import pathlib
import sqlite3
import subprocess
import sys

from sandbox import Sandbox

UTC = datetime.timezone.utc
# How the days of a week share its use, Monday first.
WEEK = (1.15, 1.25, 1.3, 1.25, 1.1, 0.55, 0.4)


def key(index):
    return f"bench-key-{index:05}"


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def months_before(moment, count):
    """The first days of the month and of those before it, the earliest first."""
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    for _ in range(count):
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months[::-1]


def curve(first, last, samples):
    """When readings were made from the first moment to the last, and which part of the use had come by then."""
    span = (last - first).total_seconds()
    times = [first + datetime.timedelta(seconds=span * index / samples) for index in range(1, samples + 1)]
    weights = [WEEK[time.weekday()] * (1.6 if 7 <= time.hour < 19 else 0.3) for time in times]
    total, part, points = sum(weights), 0, []
    for time, weight in zip(times, weights):
        part += weight
        points.append((time, part / total))
    return points


def fill(path, organizations, now, months=12, per_day=8):
    """Writes the history of organizations into a database that a first collect has made.

    organizations: (id, pages by now, conversions by now, quota of pages or None, quota of conversions or None, growth)
    """
    database = sqlite3.connect(path)
    firsts = months_before(now, months)
    curves = []
    for index, first in enumerate(firsts):
        last = firsts[index + 1] if index + 1 < len(firsts) else now - datetime.timedelta(minutes=20)
        days = max(1, round((last - first).total_seconds() / 86400))
        # What is older than three months has been thinned to a reading a day.
        curves.append((first, last, curve(first, last, days * (per_day if index >= len(firsts) - 4 else 1))))
    elapsed = max(0.02, (now - firsts[-1]).total_seconds() / (31 * 86400))
    with database:
        database.execute("DELETE FROM usage_profiles")
        newest = database.execute("SELECT snapshot_id FROM last_snapshot").fetchone()[0]
        for number, (identifier, pages, conversions, quota_pages, quota_conversions, growth) in enumerate(organizations):
            database.execute("DELETE FROM organization_months WHERE organization_id = ?", (identifier,))
            database.execute("DELETE FROM snapshots WHERE organization_id = ?", (identifier,))
            database.execute("INSERT OR IGNORE INTO organizations (id, name) VALUES (?, ?)", (identifier, identifier))
            database.execute(
                "UPDATE organizations SET first_attempt_at = ? WHERE id = ?", (stamp(firsts[0]), identifier))
            for index, (first, last, points) in enumerate(curves):
                is_current = index == len(curves) - 1
                size = 1 if is_current else growth ** (index - len(curves) + 1) * (0.93 + 0.14 * ((number + index) % 7) / 6)
                whole = 0.97 if is_current else size / elapsed
                rows, before = [], None
                for time, part in points:
                    counters = (int(pages * whole * part), int(conversions * whole * part))
                    if counters == before:
                        rows[-1][-1] = stamp(time)
                    else:
                        rows.append([identifier, first.strftime("%Y-%m"), *counters, stamp(time), stamp(time)])
                        before = counters
                if not is_current:
                    rows[-1][-1] = stamp(last + datetime.timedelta(days=5))
                database.executemany(
                    "INSERT INTO snapshots (id, organization_id, month, pages, conversions, first_seen_at, last_seen_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)", [(newest + place, *row) for place, row in enumerate(rows, 1)])
                newest += len(rows)
                database.execute(
                    "INSERT INTO organization_months (organization_id, month, snapshot_id, snapshot_first_seen_at,"
                    " quota_pages, quota_conversions, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (identifier, first.strftime("%Y-%m"), newest, rows[-1][4], quota_pages, quota_conversions,
                     None if is_current else stamp(last + datetime.timedelta(days=5))))
        database.execute("UPDATE last_snapshot SET snapshot_id = ?", (newest,))
    database.close()


def configuration(folder, url, entries, **further):
    """Writes a configuration and the keys that it names; entries have an `id`, a `key`, and what else is to be said."""
    folder = pathlib.Path(folder)
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    organizations = []
    for entry in entries:
        entry = dict(entry)
        name = entry.pop("key")
        file = keys / name
        file.write_text(name)
        file.chmod(0o600)
        organizations.append({**entry, "api_key": {"file": f"keys/{name}"}})
    document = {
        "database": "quotawatch.sqlite",
        "api": {"base_url": url, "max_concurrent_requests": 32, "requests_per_second": 100000},
        "organizations": organizations,
        "rules": [
            {"id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["ops"]},
            {"id": "conversions-quota", "type": "threshold", "metric": "conversions", "percent": [80, 100], "notify": ["ops"]},
            {"id": "runs-out", "type": "forecast", "metric": "pages", "notify": ["ops"]},
            {"id": "dead-key", "type": "credential", "severity": "critical", "notify": ["ops"]}],
        "notifiers": {"ops": {"type": "webhook", "url": url + "/hooks/ops", "secret": {"env": "BENCH_SECRET"}}},
        **further,
    }
    path = folder / "alerts.json"
    path.write_text(json.dumps(document, indent=2))
    path.chmod(0o600)
    return path


def run(collect):
    """A run whose messages may fail, which is told by the exit code 3."""
    ran = subprocess.run(collect, stderr=subprocess.PIPE, text=True)
    if ran.returncode not in (0, 3):
        sys.exit(ran.stderr)


def give_up(path):
    """Makes dead letters of all messages that are on their way."""
    database = sqlite3.connect(path)
    with database:
        database.execute(
            "UPDATE deliveries SET status = 'dead', attempts = 1, died_at = queued_at, last_answer = 'HTTP 400: no such'"
            " WHERE status = 'pending'")
    database.close()


def build(binary, folder, sandbox, count, months=12, per_day=8, **further):
    """A configuration and a filled database of so many organizations, of which the vendor was asked a moment ago.

    further: of the configuration.
    """
    entries, rows = [], []
    now = datetime.datetime.now(UTC)
    for index in range(1, count + 1):
        entry = {"id": f"org-{index:05}", "name": f"Organization {index}", "key": key(index),
                 "tags": [["eu", "us", "apac"][index % 3]]}
        pages, conversions = sandbox.usage(key(index))
        share = (0.35, 0.5, 0.62, 0.7, 0.78, 0.86, 0.93, 1.08)[index * 7 % 8]
        if index % 9:
            entry["quota"] = {"pages": max(1, int(pages / share)), "conversions": max(1, int(conversions / share / 0.9))}
        quota = entry.get("quota", {})
        entries.append(entry)
        rows.append((entry["id"], pages, conversions, quota.get("pages"), quota.get("conversions"), 1.0 + index % 5 / 100))
    path = configuration(folder, sandbox.url, entries, **further)
    collect = [binary, "collect", "--quiet", "--config", str(path)]
    run(collect)
    fill(pathlib.Path(folder) / "quotawatch.sqlite", rows, now, months, per_day)
    run(collect)
    return path
