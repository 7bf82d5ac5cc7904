#!/usr/bin/env python3
"""Measures the server of `quotawatch serve` with many organizations and 13 months of readings; `make bench` calls it.

Each address is asked over and over by two connections (wrk), as browsers ask: with compression. Prints the 95th percentile of the
times beside what is budgeted, the processor time of each request, which does not depend on what else the machine does, and the
memory of the idle process.

usage: bench-pages.py QUOTAWATCH_BINARY [--organizations N] [--seconds N]
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import page_world

# Milliseconds at the 95th percentile.
BUDGETS = {"/": 50, "/organizations/org-00007": 80, "/metrics": 100}
# Of the idle process, in MB.
MEMORY = 60
SCRIPT = """
done = function(summary, latency, requests)
  io.write(string.format("p95=%f requests=%d errors=%d\\n", latency:percentile(95) / 1000, summary.requests,
    summary.errors.status + summary.errors.timeout + summary.errors.read))
end
"""


def resident(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


def processor(process):
    """The processor time that a process has taken, in milliseconds."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--organizations", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=10)
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    os.environ["BENCH_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    missed = []
    with tempfile.TemporaryDirectory(prefix="quotawatch-bench-") as name:
        folder = pathlib.Path(name)
        script = folder / "report.lua"
        script.write_text(SCRIPT)
        with page_world.Sandbox(binary, arguments.organizations) as sandbox:
            config = page_world.build(binary, folder / "pages", sandbox, arguments.organizations)
        process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--config", str(config)], stdout=subprocess.PIPE, text=True)
        try:
            base = re.search(r"http://[0-9.:]+", process.stdout.readline()).group(0)
            print(f"\npages of {arguments.organizations:,} organizations and 13 months of readings")
            time.sleep(12)
            print(f"  {'idle, before the first request':32} {resident(process):8.1f} MB")
            for path, budget in BUDGETS.items():
                request = urllib.request.Request(base + path, headers={"Accept-Encoding": "gzip"})
                size = len(urllib.request.urlopen(request).read())
                before = processor(process)
                result = subprocess.run(
                    ["wrk", "-t1", "-c2", f"-d{arguments.seconds}s", "-s", str(script), "-H", "Accept-Encoding: gzip", base + path],
                    capture_output=True, text=True, check=True).stdout
                found = re.search(r"p95=([0-9.]+) requests=(\d+) errors=(\d+)", result)
                time_needed, requests, errors = float(found.group(1)), int(found.group(2)), int(found.group(3))
                each = (processor(process) - before) / max(requests, 1)
                print(f"  {path:32} {time_needed:8.1f} ms at the 95th percentile (budget {budget} ms),"
                      f" {each:.1f} ms CPU each, {size / 1024:.1f} KB")
                if time_needed > budget or errors:
                    missed.append(f"{path}: {time_needed:.1f} ms, {errors} errors")
            time.sleep(12)
            memory = resident(process)
            print(f"  {'idle, after that':32} {memory:8.1f} MB (budget {MEMORY} MB)")
            if memory > MEMORY:
                missed.append(f"idle: {memory:.1f} MB")
        finally:
            process.terminate()
            process.wait()
    if missed:
        sys.exit("beyond the budget: " + "; ".join(missed))


if __name__ == "__main__":
    main()
