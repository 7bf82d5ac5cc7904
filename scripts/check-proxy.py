"""Puts a proxy on loopback between a program and a vendor, a channel and a mail server that only the proxy knows:
check-proxy.py PROGRAM MAIL

MAIL is the address of a mail server. The working directory holds ca.pem, and certificate.pem with key.pem.
"""

import datetime
import http.server
import json
import os
import pathlib
import socket
import socketserver
import ssl
import subprocess
import sys
import threading


class Web(http.server.BaseHTTPRequestHandler):
    """The vendor, and a receiver of webhooks."""

    def do_GET(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.answer({"year": now.year, "month": now.month, "successful_pages": 50, "successful_conversions": 1})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("ok")

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Proxy(socketserver.StreamRequestHandler):
    """Connects to the web or the mail server, whatever host it is asked for, and notes the host."""

    targets = {}
    asked = []

    def handle(self):
        place = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        self.asked.append(place)
        target = socket.create_connection(self.targets[place.rsplit(":", 1)[1] == "2525"])
        self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        other = threading.Thread(target=self.pass_on, args=(target, self.connection))
        other.start()
        self.pass_on(self.connection, target)
        other.join()

    @staticmethod
    def pass_on(source, sink):
        try:
            while data := source.recv(65_536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address


def collect(program, vendor, variables):
    """What a first run asks the proxy for, and how it ends."""
    for file in pathlib.Path().glob("quotawatch.sqlite*"):
        file.unlink()
    pathlib.Path("alerts.json").write_text(json.dumps({
        "database": "quotawatch.sqlite", "api": {"base_url": vendor, "timeout_seconds": 5, "retries": 0},
        "organizations": [{"id": "acme", "api_key": {"env": "KEY"}, "quota": {"pages": 10}}],
        "rules": [{"id": "pages", "type": "threshold", "metric": "pages", "percent": [100], "notify": ["chat", "mail"]}],
        "notifiers": {
            "chat": {"type": "slack", "url": {"env": "URL"}},
            "mail": {
                "type": "email", "url": "smtp://mail.example:2525", "allow_plain": True, "from": "quotawatch@example.com",
                "to": ["ops@example.com"]}},
    }))
    Proxy.asked.clear()
    clean = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper() and name != "SSL_CERT_FILE"}
    run = subprocess.run(
        [program, "collect", "--delivery-budget", "3s"], capture_output=True, text=True,
        env=clean | {"KEY": "key", "URL": "https://hooks.example/T/B/x"} | variables)
    return {place.rsplit(":", 1)[0] for place in Proxy.asked}, run.stdout + run.stderr


def main(program, mail):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("certificate.pem", "key.pem")
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    web.socket = tls.wrap_socket(web.socket, server_side=True)
    host, port = mail.removeprefix("smtp://").split(":")
    Proxy.targets = {False: serve(web), True: (host, int(port))}
    socketserver.ThreadingTCPServer.daemon_threads = True
    address = serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy))
    proxy, trusting = f"http://127.0.0.1:{address[1]}", {"SSL_CERT_FILE": os.path.abspath("ca.pem")}
    names = {"vendor.example", "hooks.example"}
    for vendor, variables, hosts, words in [
        ("https://vendor.example", {"HTTPS_PROXY": proxy, **trusting}, names, "mail.example cannot be resolved"),
        ("https://vendor.example", {"https_proxy": proxy, **trusting}, names, "1 message delivered"),
        ("https://vendor.example", {"ALL_PROXY": proxy, **trusting}, names | {"mail.example"}, "2 messages delivered"),
        ("https://vendor.example", {"HTTPS_PROXY": proxy}, {"vendor.example"}, "unknown authority"),
        ("https://vendor.example", {"HTTPS_PROXY": proxy, "NO_PROXY": "*.example", **trusting}, set(), "be resolved"),
        ("https://vendor.example", {"HTTPS_PROXY": proxy, "NO_PROXY": "vendor.example:443", **trusting}, set(), "be resolved"),
        ("https://vendor.example", {"HTTPS_PROXY": proxy, "NO_PROXY": "*.example:8443", **trusting}, names, "Read 1 of 1"),
        ("https://10.1.2.3", {"HTTPS_PROXY": proxy, "NO_PROXY": "10.128.0.0/9", **trusting}, {"10.1.2.3", "hooks.example"},
         "Read 1 of 1"),
        ("https://[fd12::1]", {"HTTPS_PROXY": proxy, "NO_PROXY": "fd00::/16", **trusting}, {"[fd12::1]", "hooks.example"},
         "Read 1 of 1"),
        ("https://[fd12::1]", {"HTTPS_PROXY": proxy, "NO_PROXY": "fd00::/8", **trusting}, set(), "Read 0 of 1"),
    ]:
        asked, output = collect(program, vendor, variables)
        if asked != hosts or words not in output:
            sys.exit(f"{variables}: the proxy was asked for {sorted(asked)}, not {sorted(hosts)}; or no {words!r} in:\n{output}")
    print("proxies, exceptions from them and authorities are those that the environment names")


main(*sys.argv[1:])
