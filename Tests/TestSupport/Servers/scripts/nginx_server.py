"""Runs nginx on loopback; every answer tells the connection's number and the number of the request on it.

Takes its settings as JSON in the first argument (certificate, key: PEM files for HTTP/2 over TLS; without them plain
HTTP/1.1), prints its port on the first line, and ends when its standard input ends.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile

settings = json.loads(sys.argv[1])
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
listener = socket.create_server(("127.0.0.1", 0), backlog=512)
port = listener.getsockname()[1]
secure = "certificate" in settings
configuration = f"""
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 64m;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} {"ssl http2" if secure else ""};
    {f'ssl_certificate {settings["certificate"]}; ssl_certificate_key {settings["key"]};' if secure else ""}
    location / {{ default_type text/plain; return 200 "$connection $connection_requests $server_protocol\\n"; }}
  }}
}}
"""

with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "nginx.conf")
    with open(path, "w") as file:
        file.write(configuration)
    # The listening socket is handed over, so that the port is taken and open from the beginning.
    nginx = subprocess.Popen(
        ["/usr/sbin/nginx", "-p", directory, "-e", "stderr", "-c", path],
        pass_fds=[listener.fileno()], env={**os.environ, "NGINX": f"{listener.fileno()};"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    listener.close()
    print(port, flush=True)
    try:
        sys.stdin.read()
    finally:
        nginx.terminate()
        nginx.wait()
