#!/usr/bin/env python3
"""Measures quotawatch against its peers in the same run and prints ratios; `make bench` calls it.

Comparisons, each the median of several alternating runs:
  collect of many organizations   against  curl --parallel of the same requests to /dev/null
  the same while all of them fire on three levels
  collect of one organization     against  curl of the same request; with --only cold neither is in memory (needs root)
  export of a million report rows against  the sqlite3 shell's -csv of the same query
  reconciling a year              against  the sqlite3 shell's -csv of the invoice lines beside their readings
  import of a file of invoices    against  the sqlite3 shell's .import of the same file into a table without an index
Without a peer: collect of thirty times as many organizations, status of ten times as many, the run that begins to look at a
year of hourly readings, and webhooks that are answered once they are on the disk.

usage: bench.py QUOTAWATCH_BINARY [--organizations N] [--rows N] [--runs N] [--only PART]
"""

import argparse
import asyncio
import datetime
import hashlib
import hmac
import json
import multiprocessing
import os
import pathlib
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from sandbox import Sandbox

CONCURRENCY = 64
SIMULATED = 99_999
# Joins organization_months m with the latest snapshot s of each.
LATEST = (
    "s.organization_id = m.organization_id AND s.month = m.month AND s.first_seen_at = m.snapshot_first_seen_at"
    " AND s.id = m.snapshot_id")


def run(arguments, **options):
    """Runs a command; returns wall seconds, CPU seconds and peak memory in MB of that process."""
    start = time.monotonic()
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{arguments[0]} {arguments[1]} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def apart(part, *arguments, **named):
    """Does a part in a process of its own: what is started from one that has much memory counts that as its own."""
    process = multiprocessing.Process(target=part, args=arguments, kwargs=named)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(process.exitcode)


def compare(title, ours, peer, runs):
    """Alternates the two after a warm-up and prints medians and the ratio of each pair."""
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(runs)]
    ratios = sorted(a[0] / b[0] for a, b in pairs)
    median = lambda side, column: statistics.median(pair[side][column] for pair in pairs)
    print(f"\n{title}")
    print("             wall s    CPU s  peak MB")
    print(f"  quotawatch {median(0, 0):6.3f}   {median(0, 1):6.3f}   {median(0, 2):6.1f}")
    print(f"  peer       {median(1, 0):6.3f}   {median(1, 1):6.3f}   {median(1, 2):6.1f}")
    print(f"  wall ratio {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {runs} pairs)")


def key(index):
    """The simulated vendor knows 99,999 keys: further organizations use them again."""
    return f"bench-key-{(index - 1) % SIMULATED + 1:05}"


def forget_files():
    """Lets the system forget what it keeps of files in memory."""
    os.sync()
    pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")


def configuration(folder, url, organizations, quota=1_000_000_000, **api):
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    entries = []
    for index in range(1, organizations + 1):
        file = keys / key(index)
        file.write_text(key(index))
        file.chmod(0o600)
        entries.append({
            "id": f"org-{index:05}", "api_key": {"file": f"keys/{key(index)}"}, "plan": "growth",
            "notify": ["hook"]})
    document = {
        "database": "quotawatch.sqlite",
        "api": {
            "base_url": url, "max_concurrent_requests": CONCURRENCY, "requests_per_second": 100000, **api},
        "plans": {"growth": {
            "quota": {"pages": quota, "conversions": quota}, "currency": "EUR",
            "charges": [{"model": "unit", "metric": "pages", "unit_price": "0.01"}]}},
        "organizations": entries,
        "rules": [
            {"id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100]},
            {"id": "silent", "type": "stale", "after": "6h"},
            {"id": "dead-key", "type": "credential", "severity": "critical"}],
        "notifiers": {"hook": {"type": "webhook", "url": url + "/hooks/bench", "secret": {"env": "BENCH_SECRET"}}},
    }
    path = folder / "alerts.json"
    path.write_text(json.dumps(document))
    path.chmod(0o600)
    return path


def curl_requests(folder, url, organizations):
    """A curl configuration file that sends what one collect sends."""
    parts = [
        f'url = "{url}/api/usage"\noutput = "/dev/null"\nheader = "Authorization: Bearer {key(index)}"\n'
        'header = "Accept: application/json"\n' for index in range(1, organizations + 1)]
    path = folder / "curl.conf"
    path.write_text("next\n".join(parts))
    return path


def bench_collect(binary, folder, organizations, runs, firing=False, before=lambda: None):
    """With `firing`, every organization is beyond its quota, which was noted before and nobody is told of.

    `before` is done before each run and is not measured.
    """
    vendor = Sandbox(binary, min(organizations, SIMULATED))
    try:
        name = folder / f"collect-{organizations}{'-firing' if firing else ''}"
        config = configuration(name, vendor.url, organizations, quota=1 if firing else 1_000_000_000)
        if firing:
            document = json.loads(config.read_text())
            del document["notifiers"]
            for entry in document["organizations"]:
                del entry["notify"]
            config.write_text(json.dumps(document))
        requests = curl_requests(folder, vendor.url, organizations)
        def ours():
            before()
            return run([binary, "collect", "--quiet", "--config", str(config)], stderr=subprocess.DEVNULL)

        def peer():
            before()
            return run(curl, stderr=subprocess.DEVNULL)

        curl = ["curl", "--silent", "--no-progress-meter", "--config", str(requests)]
        if organizations > 1:
            curl += ["--parallel", "--parallel-max", str(CONCURRENCY)]
        ours()  # The first run also asks for the month before; the measured ones ask what curl asks.
        state = ", all firing on three levels," if firing else ""
        compare(f"collect of {organizations:,} organizations{state} against curl, {CONCURRENCY} at once", ours, peer, runs)
    finally:
        vendor.stop()


def bench_many(binary, folder, organizations):
    """The first run, which also asks for the month before, and the one after it."""
    vendor = Sandbox(binary, min(organizations, SIMULATED))
    try:
        apart(configuration, folder / "many", vendor.url, organizations)
        command = [binary, "collect", "--quiet", "--config", str(folder / "many" / "alerts.json")]
        print(f"\ncollect of {organizations:,} organizations")
        for name in ("first run", "next run"):
            wall, cpu, peak = run(command, stderr=subprocess.DEVNULL)
            print(f"  {name:10} {wall:6.2f} s wall, {cpu:6.2f} s CPU, {peak:6.1f} MB at most")
    finally:
        vendor.stop()


def bench_status(binary, folder, organizations):
    vendor = Sandbox(binary, 1)
    try:
        config = configuration(folder / "status", vendor.url, 1)
        run([binary, "collect", "--quiet", "--config", str(config)], stderr=subprocess.DEVNULL)
    finally:
        vendor.stop()
    document = json.loads(config.read_text())
    document["organizations"] = [
        {"id": f"org-{index:05}", "api_key": {"env": f"KEY_{index}"}, "plan": "growth", "notify": ["hook"]}
        for index in range(organizations)]
    config.write_text(json.dumps(document))
    fill(folder / "status" / "quotawatch.sqlite", ["2026-10", "2026-11"], organizations)
    print(f"\nstatus of {organizations:,} organizations")
    for options in ([], ["--json"]):
        command = [binary, "status", *options, "--config", str(config)]
        wall, cpu, peak = run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"  {' '.join(options) or 'table':10} {wall:6.2f} s wall, {cpu:6.2f} s CPU, {peak:6.1f} MB at most")


def bench_webhooks(binary, folder, seconds):
    """Events that nobody has told of before, from one sender and from many, each waiting for its answer."""
    name, port, secret = folder / "webhooks", 18090, b"whsec-bench"
    name.mkdir()
    config = name / "alerts.json"
    config.write_text(json.dumps({
        "database": "quotawatch.sqlite", "api": {"base_url": "http://127.0.0.1:9"},
        "organizations": [{"id": "acme", "api_key": {"env": "KEY"}, "webhook_secret": {"env": "WEBHOOK"}}]}))
    listener = subprocess.Popen(
        [binary, "ledger", "listen", "--address", f"127.0.0.1:{port}", "--config", str(config)],
        env={"WEBHOOK": secret.decode()}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def connect():
        for _ in range(100):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
        sys.exit("the receiver did not start")

    async def send(end, times):
        reader, writer = await connect()
        while time.monotonic() < end:
            body = json.dumps({"step_execution_id": f"bench-{time.monotonic_ns()}-{id(writer)}", "status": "success"})
            code = hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()
            begin = time.monotonic()
            writer.write((
                f"POST /webhooks/acme HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Docutray-Signature: sha256={code}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head).group(1)))
            if not head.startswith(b"HTTP/1.1 200"):
                sys.exit(f"a webhook was refused: {head[:60]}")
            times.append(time.monotonic() - begin)
        writer.close()

    async def measure():
        _, writer = await connect()
        writer.close()
        print("\nwebhooks that are on the disk")
        for senders in (1, 256):
            times = []
            await asyncio.gather(*(send(time.monotonic() + seconds, times) for _ in range(senders)))
            print(
                f"  {senders:3} connections: {len(times) / seconds:6.0f} a second, answered after"
                f" {statistics.median(times) * 1000:.1f} ms (median)")

    try:
        asyncio.run(measure())
    finally:
        listener.terminate()
        listener.wait()


def bench_history(binary, folder, organizations, runs):
    """The run that makes the usage profile of each organization from 13 months of hourly readings, as a rule that needs
    it was added, against the same run without the rule."""
    name = folder / "history"
    vendor = Sandbox(binary, organizations)
    try:
        config = configuration(name, vendor.url, organizations)
        plain = [binary, "collect", "--quiet", "--config", str(config)]
        run(plain, stderr=subprocess.DEVNULL)
        apart(fill_history, name / "quotawatch.sqlite", organizations)
        with sqlite3.connect(name / "quotawatch.sqlite") as database:
            readings = database.execute("SELECT count(*) FROM snapshots").fetchone()[0]
        database.close()
        run(plain, stderr=subprocess.DEVNULL)
        document = json.loads(config.read_text())
        document["rules"].append({"id": "forecast", "type": "forecast", "metric": "pages"})
        config.with_name("forecast.json").write_text(json.dumps(document))
        added = plain[:-1] + [str(config.with_name("forecast.json"))]

        def first_with_rule():
            with sqlite3.connect(name / "quotawatch.sqlite") as database:
                database.execute("DELETE FROM usage_profiles")
            database.close()
            return run(added, stderr=subprocess.DEVNULL)

        title = f"collect of {organizations:,} organizations with {readings:,} readings: a forecast was added, against none"
        compare(title, first_with_rule, lambda: run(plain, stderr=subprocess.DEVNULL), runs)
    finally:
        vendor.stop()


def fill_history(path, organizations):
    """A reading in every hour of this month and the twelve before, those of all organizations in turn, as runs write
    them."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
    time, hours = now.replace(year=now.year - 1, day=1, hour=0), []
    while time < now:
        is_first = not hours or hours[-1][1] != f"{time:%Y-%m}"
        busy = 4 if time.weekday() < 5 and 8 <= time.hour < 18 else 1
        hours.append((
            len(hours), f"{time:%Y-%m}", f"{time:%Y-%m-%dT%H:05:00.000Z}", busy + (0 if is_first else hours[-1][3])))
        time += datetime.timedelta(hours=1)
    database = sqlite3.connect(path)
    database.execute("PRAGMA cache_size = -2000000")
    with database:
        for table in ("usage_profiles", "organization_months", "snapshots"):
            database.execute(f"DELETE FROM {table}")
        database.execute("CREATE TEMP TABLE hours (number INTEGER PRIMARY KEY, month TEXT, seen TEXT, used INTEGER)")
        database.executemany("INSERT INTO hours VALUES (?, ?, ?, ?)", hours)
        database.execute(
            "INSERT INTO snapshots (id, organization_id, month, pages, conversions, first_seen_at, last_seen_at)"
            " SELECT row_number() OVER (ORDER BY hours.number, o.id), o.id, month, used * (1 + unicode(substr(o.id, -1)) % 5),"
            " used, seen, seen FROM hours CROSS JOIN organizations o")
        database.execute(
            "INSERT INTO organization_months (organization_id, month, snapshot_id, snapshot_first_seen_at, settled_at)"
            " SELECT organization_id, month, max(id), first_seen_at, CASE WHEN month < ? THEN first_seen_at END"
            " FROM snapshots GROUP BY 1, 2", (hours[-1][1],))
        database.execute("INSERT OR REPLACE INTO last_snapshot SELECT 1, max(id) FROM snapshots")
    database.close()


def bench_report(binary, folder, rows, runs):
    """Fills a database that collect has made with organizations and months, and exports it."""
    vendor = Sandbox(binary, 1)
    try:
        config = configuration(folder / "report", vendor.url, 1)
        run([binary, "collect", "--quiet", "--config", str(config)])
    finally:
        vendor.stop()
    path = folder / "report" / "quotawatch.sqlite"
    months = [f"{year}-{month:02}" for year in range(2021, 2026) for month in range(1, 13)]
    organizations = max(1, rows // 2 // len(months))
    fill(path, months, organizations)
    out = folder / "usage.csv"
    script = pathlib.Path(__file__).parent / "bench-report.sql"
    ours = lambda: run(
        [binary, "report", "usage", "--config", str(config), "--from", months[0], "--to", months[-1], "-o", str(out)])

    def peer():
        with open(folder / "peer.csv", "wb") as file:
            return run(["sqlite3", "-readonly", "-csv", "-header", str(path), f".read {script}"], stdout=file)

    compare(f"export of {organizations * len(months) * 2:,} report rows against sqlite3 -csv", ours, peer, runs)
    lines = [sum(1 for _ in open(name, "rb")) for name in (out, folder / "peer.csv")]
    if lines[0] != lines[1]:
        sys.exit(f"the two exports differ in length: {lines[0]} and {lines[1]} lines")


def bench_reconciliation(binary, folder, organizations, runs):
    """A year of many organizations with an invoice line for each month, of which some claim too much."""
    vendor = Sandbox(binary, organizations)
    try:
        name = folder / f"reconciliation-{organizations}"
        config = configuration(name, vendor.url, organizations)
        run([binary, "collect", "--quiet", "--config", str(config)])
    finally:
        vendor.stop()
    path = name / "quotawatch.sqlite"
    months = [f"2025-{month:02}" for month in range(1, 13)]
    fill(path, months, organizations, first=1)
    fill_invoices(path)
    out = name / "reconciliation.csv"
    ours = lambda: run(
        [binary, "report", "reconciliation", "--config", str(config), "--from", months[0], "--to", months[-1],
         "--fail-on", "none", "-o", str(out)], stderr=subprocess.DEVNULL)
    script = pathlib.Path(__file__).parent / "bench-reconciliation.sql"

    def peer():
        with open(name / "peer.csv", "wb") as file:
            return run(["sqlite3", "-readonly", "-csv", "-header", str(path), f".read {script}"], stdout=file)

    compare(f"reconciling {organizations:,} organizations x {len(months)} months against sqlite3 -csv", ours, peer, runs)
    rows = sum(1 for _ in open(out, "rb")) - 1
    if rows != organizations * len(months) * 2:
        sys.exit(f"the reconciliation has {rows} rows")
    for report in ("jsonl", "csv-excel", "xlsx", "html", "hledger"):
        wall, cpu, peak = run(
            [binary, "report", "reconciliation", "--config", str(config), "--from", months[0], "--to", months[-1],
             "--format", report, "--fail-on", "none", "-o", str(out)], stderr=subprocess.DEVNULL)
        print(f"  {report:10} {wall:6.2f} s wall, {cpu:6.2f} s CPU, {peak:6.1f} MB at most")


def bench_import(binary, folder, lines, runs):
    """A file of invoices with a hundred lines each, into an empty database."""
    name = folder / "import"
    config = configuration(name, "http://127.0.0.1:9", 1_000)
    source, database, peer_database = name / "october.csv", name / "quotawatch.sqlite", name / "peer.sqlite"
    with open(source, "w") as file:
        file.write("invoice_id,line_id,organization_id,period,charge_category,metric,quantity,unit_price,amount,currency,description\n")
        for line in range(lines):
            file.write(
                f"INV-{line // 100:07},{line % 100 + 1},org-{line % 1000 + 1:05},2026-10,usage,pages,{line % 9999 + 1},0.01,"
                f"{(line % 9999 + 1) / 100:.2f},EUR,Pages in October\n")

    def fresh(path, arguments):
        for suffix in ("", "-wal", "-shm"):
            pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
        return run(arguments, stdout=subprocess.DEVNULL)

    ours = lambda: fresh(database, [binary, "invoice", "import", "--config", str(config), str(source)])
    peer = lambda: fresh(peer_database, ["sqlite3", str(peer_database), f".import --csv {source} lines"])
    compare(f"import of {lines:,} invoice lines ({source.stat().st_size / 1e6:.0f} MB) against sqlite3 .import", ours, peer, runs)
    stored = sqlite3.connect(database).execute("SELECT count(*) FROM invoice_lines").fetchone()[0]
    if stored != lines:
        sys.exit(f"{stored} lines were stored")
    wall, cpu, peak = run([binary, "invoice", "import", "--config", str(config), str(source)], stdout=subprocess.DEVNULL)
    print(f"  the same again, where all is known: {wall:.2f} s wall, {cpu:.2f} s CPU, {peak:.1f} MB at most")


def fill_invoices(path):
    database = sqlite3.connect(path)
    with database:
        # Read once more when the month was settled.
        database.execute("UPDATE snapshots SET last_seen_at = date(month || '-01', '+1 month', '+5 days') || 'T00:00:00.000Z'")
        database.execute(
            "INSERT INTO invoice_imports VALUES (1, 'bench.csv', ?, 'plain', '2026-01-05T08:00:00.000Z', 'bench')",
            ("0" * 64,))
        database.execute("INSERT INTO invoices (id) SELECT DISTINCT 'INV-' || month FROM organization_months")
        database.execute(
            "INSERT INTO invoice_lines (invoice_id, line_id, version, is_current, organization_id, organization_text, month,"
            " charge_category, metric, quantity, amount, currency, is_proration, issue_status, is_withdrawn, import_id)"
            " SELECT 'INV-' || m.month, m.organization_id, 1, 1, m.organization_id, m.organization_id, m.month, 'usage',"
            " 'pages', CAST(s.pages + (s.id % 50 = 0) AS TEXT), printf('%d.%02d', (s.pages + (s.id % 50 = 0)) / 100,"
            " (s.pages + (s.id % 50 = 0)) % 100), 'EUR', 0, 'issued', 0, 1"
            f" FROM organization_months m JOIN snapshots s ON {LATEST}")
    database.close()


def fill(path, months, organizations, first=0):
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    with database:
        for table in ("organization_months", "snapshots", "organizations"):
            database.execute(f"DELETE FROM {table}")
        identifier = 0
        for organization in range(first, first + organizations):
            name = f"org-{organization:05}"
            database.execute("INSERT INTO organizations (id, name) VALUES (?, ?)", (name, f"Organization {organization}"))
            for index, month in enumerate(months):
                identifier += 1
                first_seen, last_seen = f"{month}-01T00:10:00.000Z", f"{month}-28T23:50:00.000Z"
                database.execute(
                    "INSERT INTO snapshots (id, organization_id, month, pages, conversions, first_seen_at, last_seen_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (identifier, name, month, organization * 7 + index, organization * 3 + index, first_seen, last_seen))
                database.execute(
                    "INSERT INTO organization_months (organization_id, month, snapshot_id, snapshot_first_seen_at,"
                    " quota_pages, quota_conversions) VALUES (?, ?, ?, ?, ?, ?)",
                    (name, month, identifier, first_seen, 10000, 2000))
        database.execute("INSERT OR REPLACE INTO last_snapshot VALUES (1, ?)", (identifier,))
    database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--organizations", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["collect", "cold", "many", "status", "history", "webhooks", "report", "reconciliation", "import"])
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    os.environ["BENCH_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory(prefix="quotawatch-bench-") as name:
        folder = pathlib.Path(name)
        is_wanted = lambda part: arguments.only in (None, part)
        if is_wanted("collect"):
            apart(bench_collect, binary, folder, arguments.organizations, arguments.runs)
            apart(bench_collect, binary, folder, arguments.organizations, arguments.runs, firing=True)
            apart(bench_collect, binary, folder, 1, max(arguments.runs, 20))
        if arguments.only == "cold":
            apart(bench_collect, binary, folder, 1, max(arguments.runs, 20), before=forget_files)
        if is_wanted("many"):
            apart(bench_many, binary, folder, arguments.organizations * 30)
        if is_wanted("status"):
            apart(bench_status, binary, folder, arguments.organizations * 10)
        if is_wanted("history"):
            apart(bench_history, binary, folder, arguments.organizations // 10, min(arguments.runs, 3))
        if is_wanted("webhooks"):
            apart(bench_webhooks, binary, folder, seconds=5)
        if is_wanted("report"):
            apart(bench_report, binary, folder, arguments.rows, arguments.runs)
        if is_wanted("reconciliation"):
            for organizations in (arguments.organizations // 10, arguments.organizations):
                apart(bench_reconciliation, binary, folder, organizations, arguments.runs)
        if is_wanted("import"):
            apart(bench_import, binary, folder, arguments.rows, arguments.runs)


if __name__ == "__main__":
    main()
