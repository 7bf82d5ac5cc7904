"""An HTTPS server on loopback that answers every request with 200.

Takes its settings as JSON in the first argument (certificate, key: PEM files; maximum: "TLSv1_1" or none; answer: the body), prints its
port on the first line, then one JSON object a line for every request. Ends when its standard input ends.
"""

import json
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

settings = json.loads(sys.argv[1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(settings["certificate"], settings["key"])
if "maximum" in settings:
    # Old versions need OpenSSL's lowest security level.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion[settings["maximum"]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        print(json.dumps({"path": self.path, "connection": self.client_address[1],
                          "version": self.connection.version(), "body": body.decode("latin-1")}), flush=True)
        self.send_response(200)
        content = settings["answer"].encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    def get_request(self):
        connection, address = super().get_request()
        # The handshake comes with the first read, on the connection's own thread.
        return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
