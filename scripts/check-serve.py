"""Holds very many slow connections open to `quotawatch serve`, and sees that its runs go on, and that none is held for
ever: check-serve.py PROGRAM FOLDER

FOLDER holds an alerts.json with a schedule of a few seconds; what it needs is in the environment.
"""

import json
import os
import re
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time

CONNECTIONS = 10_000
RUNS = 3
# As many runs take 15 s; a loaded machine may need longer.
DEADLINE = 120


def last_run(program):
    """The number of the last run that has ended."""
    text = subprocess.run([program, "metrics"], check=True, capture_output=True, text=True).stdout
    stamps = [line for line in text.splitlines() if line.startswith("quotawatch_last_run_timestamp_seconds")]
    return float(stamps[0].split()[1]) if stamps else 0


def memory(process):
    """The resident memory of a process, in bytes."""
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def connections(host, port):
    """Opens them all at once, and sends the beginning of a request wherever somebody answers."""
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((host, port))
        selector.register(connection, selectors.EVENT_WRITE)
    return selector


def drip(selector):
    """Sends one more byte of a header on each connection that takes it, so that none is silent."""
    open_count = 0
    for key, _ in selector.select(timeout=0):
        try:
            key.fileobj.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " if key.data is None else b"x")
            selector.modify(key.fileobj, selectors.EVENT_WRITE, True)
            open_count += 1
        except OSError:
            selector.unregister(key.fileobj)
            key.fileobj.close()
    return open_count


def end_beside_a_drip(program, arguments):
    """Sends a body byte by byte to a receiver of webhooks, asks it to end meanwhile, and gives how long that took."""
    server = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    port = int(re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())[1])
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        b"POST /webhooks/acme HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\nX-DocuTray-Signature: sha256="
        + b"a" * 64 + b"\r\n\r\nx")
    connection.settimeout(0.5)
    try:
        sys.exit(f"{arguments} answered before the body had ended: {connection.recv(100)!r}")
    except TimeoutError:
        pass
    server.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    while server.poll() is None:
        try:
            connection.sendall(b"x")
        except OSError:
            pass
        time.sleep(0.1)
    if server.returncode != 0:
        sys.exit(f"{arguments} ended with {server.returncode}")
    return time.monotonic() - begun


def slowly(host, port, beginning, seconds):
    """Sends the beginning of a request and then a byte now and then; gives what was answered, once the connection ended."""
    connection = socket.create_connection((host, port))
    connection.sendall(beginning)
    connection.settimeout(0.2)
    answer, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            part = connection.recv(10_000)
            if not part:
                return answer.decode()
            answer += part
        except TimeoutError:
            pass
        except ConnectionResetError:
            return answer.decode()
        try:
            connection.sendall(b"x")
        except OSError:
            pass
    sys.exit(f"a connection that began with {beginning!r} was still open after {seconds} s")


def trickles(host, port):
    """Requests that never come to their ends, in their heads and in their bodies."""
    begin = b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n"
    for beginning, seconds, status in [
        (begin + b"X: ", 15, "408"), (begin + b"Content-Length: 1000000\r\n\r\n", 50, "200"),
        (begin + b"X: " + b"x" * 20_000, 5, "431"), (b"\x16\x03\x01\x02\r\n\r\n", 5, "400")]:
        answer = slowly(host, port, beginning, seconds)
        if answer.split(" ")[1:2] != [status] or "nosniff" not in answer:
            sys.exit(f"{beginning[:80]!r} was answered {answer!r}")


def main():
    program, folder = os.path.realpath(sys.argv[1]), sys.argv[2]
    os.chdir(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = CONNECTIONS + 100
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(hard, needed)))
    # The server has the limit that a service usually has.
    server = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024)))
    host, port = server.stdout.readline().split("//")[1].strip().rsplit(":", 1)
    before = memory(server)
    selector = connections(host, int(port))
    runs, seen, most = 0, last_run(program), 0
    deadline = time.monotonic() + DEADLINE
    while runs < RUNS:
        if time.monotonic() > deadline:
            sys.exit(f"{runs} runs ended within {DEADLINE} s beside {most} slow connections")
        most = max(most, drip(selector))
        stamp = last_run(program)
        if stamp > seen:
            runs, seen = runs + 1, stamp
        time.sleep(0.2)
    grown = memory(server) - before
    for connection in list(selector.get_map().values()):
        connection.fileobj.close()
    trickles(host, int(port))
    begun = time.monotonic()
    server.send_signal(signal.SIGTERM)
    code = server.wait(timeout=30)
    took = time.monotonic() - begun
    print(json.dumps({"connections": most, "runs": runs, "memory_growth": grown, "end_seconds": round(took, 1)}))
    if code != 0 or took > 5:
        sys.exit(f"the server ended with {code} after {took:.1f} s")
    if grown > 64 << 20:
        sys.exit(f"slow connections took {grown} bytes")
    for arguments in (["serve", "--listen", "127.0.0.1:0"], ["ledger", "listen", "--address", "127.0.0.1:0"]):
        took = end_beside_a_drip(program, arguments)
        if took > 5:
            sys.exit(f"{arguments} ended only after {took:.1f} s")


main()
