"""The simulated vendor, for checks and measurements."""

import json
import re
import subprocess
import sys
import urllib.request


class Sandbox:
    """The simulated vendor with so many organizations, as a process of its own."""

    def __init__(self, binary, organizations):
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--organizations", str(organizations)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://[0-9.]+:[0-9]+", line)
            if found:
                self.url = found.group(0)
                return
        sys.exit("the sandbox did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def post(self, path, body):
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def usage(self, key):
        request = urllib.request.Request(self.url + "/api/usage", headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request) as answer:
            body = json.load(answer)
        return body["successful_pages"], body["successful_conversions"]
