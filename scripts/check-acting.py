"""Acts on the pages of `quotawatch serve`, and through its API while it is killed; see check-acting.sh."""

import base64
import collections
import contextlib
import datetime
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

import page_world

# How often the server is killed while it acts.
KILLS = int(os.environ.get("KILLS", "40"))
PLANS = {"growth": {"currency": "EUR", "charges": [{"model": "unit", "metric": "pages", "unit_price": "0.10"}]}}


class Served:
    """A server that can be killed and started again."""

    def __init__(self, program, config):
        self.program, self.config = program, config

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--listen", "127.0.0.1:0", "--config", str(self.config)], stdout=subprocess.PIPE,
            text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://[0-9.:]+", line)
        if not found:
            sys.exit(f"the server does not start: {line}")
        self.base = found.group(0)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(timeout=15)
        self.process.stdout.close()
        if number == signal.SIGTERM and code != 0:
            sys.exit(f"the server ended with {code}")

    def command(self, *arguments):
        return subprocess.run(
            [self.program, *arguments, "--config", str(self.config)], capture_output=True, text=True, check=True).stdout

    def listed(self, *arguments):
        return json.loads(self.command(*arguments, "--json"))


def world(program, folder, sandbox):
    """Organizations with alerts that fire, dead letters, and months that no invoice is known of."""
    ops = {"type": "webhook", "url": sandbox.url + "/hooks/ops", "secret": {"env": "BENCH_SECRET"},
           "group_above": 10_000, "max_messages": 10_000}
    sandbox.post("/sandbox/hooks", {"path": "/hooks/ops", "answer": "status", "status": 400, "times": 10_000})
    config = page_world.build(program, folder, sandbox, 8, months=2, per_day=2, notifiers={"ops": ops}, plans=PLANS)
    document = json.loads(config.read_text())
    for entry in document["organizations"]:
        entry["plan"] = "growth"
    config.write_text(json.dumps(document))
    page_world.give_up(pathlib.Path(folder) / "quotawatch.sqlite")
    with urllib.request.urlopen(urllib.request.Request(sandbox.url + "/sandbox/hooks", method="DELETE")):
        pass
    return config


# What is killed.

def order(base, token, key, body):
    """Asks for a silence; True if it was answered that it is done."""
    request = urllib.request.Request(
        base + "/api/v1/silences", json.dumps(body).encode(), method="POST", headers={
            "Authorization": "Bearer " + token, "Content-Type": "application/json", "Idempotency-Key": key})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status == 201
    except (urllib.error.URLError, OSError) as error:
        if isinstance(error, urllib.error.HTTPError) and error.code != 503:
            sys.exit(f"a silence was refused: {error.code} {error.read().decode()}")
        return False


def killed(served, token):
    """Kills the server while it is asked for silences. What was not answered is asked for again; then there is one of each."""
    chance = random.Random(20261126)
    wanted, answered, unanswered = 0, set(), 0
    for _ in range(KILLS):
        served.start()
        stop = threading.Event()

        def ask(first):
            number = first
            while not stop.is_set():
                if order(served.base, token, f"kill-{number}", body(number)):
                    answered.add(number)
                elif stop.is_set():
                    return
                number += 4

        threads = [threading.Thread(target=ask, args=(wanted + index,)) for index in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.02, 0.4))
        stop.set()
        served.end(signal.SIGKILL)
        for thread in threads:
            thread.join()
        wanted = max(answered, default=-1) + 8
        wanted -= wanted % 4
    served.start()
    tried = sorted(set(range(wanted)) - answered)
    done_before = {entry["reason"] for entry in served.listed("silence", "list")["silences"]}
    for number in tried:
        unanswered += body(number)["reason"] in done_before
        if not order(served.base, token, f"kill-{number}", body(number)):
            sys.exit(f"a silence that was asked for again was not begun: {number}")
    reasons = collections.Counter(entry["reason"] for entry in served.listed("silence", "list")["silences"])
    acts = collections.Counter(
        entry["words"].rpartition(": ")[2] for entry in served.listed("log", "--limit", "100000")["acts"]
        if entry["kind"] == "silence")
    served.end()
    expected = collections.Counter(body(number)["reason"] for number in range(wanted))
    if reasons != expected or acts != expected:
        sys.exit(f"silences were begun twice or not at all: {(reasons - expected) or (expected - reasons)}")
    print(json.dumps({"kills": KILLS, "acts": wanted, "done_but_not_answered": unanswered}))


def body(number):
    return {"organizations": ["org-00001"], "for": "1h", "reason": f"act number {number}"}


# What people do in a browser.

class Person:
    def __init__(self, folder, scripts=True):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            options.add_argument(argument)
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.folder, self.scripts = folder, scripts

    def sign_in(self, base, token):
        self.base = base
        self.driver.get(base + "/sign-in?next=/alerts")
        self.driver.find_element(By.NAME, "token").send_keys(token)
        self.driver.find_element(By.CSS_SELECTOR, ".sign-in button").click()
        self.wait(lambda: "/alerts" in self.driver.current_url, "one is not signed in")

    def wait(self, condition, problem):
        for _ in range(200):
            with contextlib.suppress(Exception):
                if condition():
                    return
            time.sleep(0.05)
        self.shoot("acting-failed", 1280)
        sys.exit(f"{problem} ({'with' if self.scripts else 'without'} scripts)\n{self.text()}")

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "main").text

    def says(self, words):
        self.wait(lambda: words in self.driver.find_element(By.CSS_SELECTOR, ".notice.good").text,
                  f"the page does not say \"{words}\"")

    def act(self, path, place, name, **fields):
        """Fills in a form at a place of a page, and sends it by a button of a name."""
        self.driver.get(self.base + path)
        part = self.driver.find_element(By.CSS_SELECTOR, place)
        form = next(form for form in part.find_elements(By.CSS_SELECTOR, "form.act")
                    if form.find_elements(By.CSS_SELECTOR, f"button[value='{name}']"))
        fold = form.find_elements(By.XPATH, "ancestor::details")
        if fold and not fold[0].get_attribute("open"):
            fold[0].find_element(By.TAG_NAME, "summary").click()
        for field, value in fields.items():
            element = form.find_element(By.NAME, field)
            if element.tag_name == "select":
                element.find_element(By.XPATH, f"option[@value='{value}' or .='{value}']").click()
            else:
                element.send_keys(value)
        form.find_element(By.CSS_SELECTOR, f"button[value='{name}']").click()

    def shoot(self, name, width, theme="light", script=None):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "format": "png", "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 3000), "scale": 1}})
        (self.folder / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        if size["width"] > width:
            sys.exit(f"{name} is {size['width']} px wide at {width} px")


def acts(person, other, month, invoice):
    """Everything that can be done, once; another window sees each without being loaded again."""
    first = "section[aria-labelledby=firing] .items > li"
    person.act("/alerts", first, "acknowledge", **{"for": "4h", "note": "on it <b>"})
    person.says("Acknowledged")
    other.wait(lambda: "on it <b>" in other.text(), "another window does not see an acknowledgement")
    person.act("/alerts", "section[aria-labelledby=firing]", "unacknowledge")
    person.says("Took the acknowledgement of")
    other.wait(lambda: "on it <b>" not in other.text(), "another window does not see that it was taken back")
    person.act("/alerts", first, "silence", **{"for": "2d", "reason": "load test"})
    person.says("Silenced")
    other.wait(lambda: "load test" in other.text(), "another window does not see a silence")
    person.act("/alerts", "section[aria-labelledby=silenced] tbody tr:last-child", "end-silence")
    person.says("Ended silence")
    other.wait(lambda: "load test" not in other.text(), "another window does not see the end of a silence")
    person.act("/alerts", "section[aria-labelledby=silenced]", "silence",
               **{"tag": "eu", "for": "1h", "reason": "all of a tag"})
    person.says("all of a tag")
    letters = lambda: len(person.driver.find_elements(By.CSS_SELECTOR, "button[value=resend]"))
    person.driver.get(person.base + "/deliveries")
    before = letters()
    person.act("/deliveries", ".items", "dismiss")
    person.says("Dismissed 1 dead letter")
    person.act("/deliveries", ".items", "resend")
    person.says("Made 1 message due again")
    if letters() != before - 2:
        sys.exit(f"there were {before} dead letters, and now there are {letters()}")
    person.act("/deliveries", "main", "test")
    person.says("delivered")
    person.act(f"/reconciliation/{month}", "main", "accept", note="agreed by mail")
    person.says("agreed by mail")
    person.act(f"/reconciliation/{month}?q=org-00002", "main", "dispute", note="ticket 4711")
    person.says("ticket 4711")
    person.act("/system", "main", "run")
    person.says("Asked for a run")
    person.driver.get(person.base + "/reconciliation")
    person.driver.find_element(By.CSS_SELECTOR, "details.new summary").click()
    person.driver.find_element(By.NAME, "file").send_keys(str(invoice))
    person.driver.find_element(By.CSS_SELECTOR, "button[value=rehearse]").click()
    person.wait(lambda: "It would import" in person.text(), "what an import would do is not shown")
    if person.scripts:
        person.shoot("acting-import.1280.light", 1280)
    person.driver.find_element(By.CSS_SELECTOR, "button[value=import]").click()
    person.says("Imported")


def refreshes(person):
    """What is unfolded stays so at the alert that it belongs to, whatever comes before it, and what was chosen stays chosen."""
    alerts = "section[aria-labelledby=firing] .items > li"
    person.driver.get(person.base + "/alerts")
    second = person.driver.find_elements(By.CSS_SELECTOR, alerts)[1]
    second.find_element(By.TAG_NAME, "summary").click()
    own = second.find_element(By.NAME, "alert").get_attribute("value")
    count = len(person.driver.find_elements(By.CSS_SELECTOR, alerts))
    refresh = ("const now = Date.now; Date.now = () => now() + 120000;"
               "document.dispatchEvent(new Event('visibilitychange')); Date.now = now;")
    person.driver.execute_script(f"document.querySelector('{alerts}').remove(); {refresh}")
    person.wait(lambda: len(person.driver.find_elements(By.CSS_SELECTOR, alerts)) == count, "the page is not refreshed")
    unfolded = [part.find_element(By.NAME, "alert").get_attribute("value")
                for part in person.driver.find_elements(By.CSS_SELECTOR, "main details[open]")]
    if unfolded != [own] or person.driver.switch_to.active_element.tag_name != "summary":
        sys.exit(f"a refresh leaves {unfolded} unfolded in place of {own}, or loses the focus")
    person.driver.find_element(By.CSS_SELECTOR, "details[open] option[value='1w']").click()
    person.driver.execute_script(f"document.activeElement.blur(); document.querySelector('{alerts}').remove(); {refresh}")
    time.sleep(1)
    if not person.driver.execute_script("return document.querySelector('details[open] select').value === '1w'"):
        sys.exit("a refresh takes away what was chosen in a form")


def pictures(person, month):
    """How the forms look, unfolded; axe finds nothing against them."""
    for name, path in (("alerts", "/alerts"), ("deliveries", "/deliveries"), ("system", "/system"),
                       ("reconciliation", f"/reconciliation/{month}"), ("months", "/reconciliation"),
                       ("sign-in", "/sign-in")):
        person.driver.get(person.base + path)
        for fold in person.driver.find_elements(By.CSS_SELECTOR, ".acts details, .new, .note details")[:4]:
            person.driver.execute_script("arguments[0].open = true", fold)
        axe = Axe(person.driver)
        axe.inject()
        for violation in axe.run()["violations"]:
            sys.exit(f"{path}: axe finds {violation['id']}: {violation['nodes'][0]['html'][:200]}")
        for width in (360, 1280):
            for theme in ("light", "dark"):
                person.shoot(f"acting-{name}.{width}.{theme}", width, theme)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["BENCH_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with tempfile.TemporaryDirectory() as place, page_world.Sandbox(program, 8) as sandbox:
        config = world(program, pathlib.Path(place) / "world", sandbox)
        served = Served(program, config)
        token = served.command("token", "add", "mara-phone", "--scope", "read", "--scope", "act").strip()
        other_token = served.command("token", "add", "ana", "--scope", "read").strip()
        killed(served, token)
        for silence in served.listed("silence", "list")["silences"]:
            served.command("silence", "remove", str(silence["id"]))
        month = f"{page_world.months_before(datetime.datetime.now(page_world.UTC), 1)[0]:%Y-%m}"
        people = []
        served.start()
        try:
            other = Person(folder)
            people.append(other)
            other.sign_in(served.base, other_token)
            other.driver.get(served.base + "/alerts")
            for number, scripts in enumerate((True, False)):
                person = Person(folder, scripts)
                people.append(person)
                person.sign_in(served.base, token)
                invoice = pathlib.Path(place) / f"october-{number}.csv"
                invoice.write_text(
                    "invoice_id,line_id,organization_id,period,charge_category,metric,quantity,unit_price,amount,currency\n"
                    f"INV-{number},1,org-00003,{month},usage,pages,10,0.10,1.00,EUR\n")
                acts(person, other, month, invoice)
                if scripts:
                    refreshes(person)
                    pictures(person, month)
            told = [entry["message"] for person in people for entry in person.driver.get_log("browser")]
            if told:
                sys.exit(f"the console says {told}")
        finally:
            for person in people:
                person.driver.quit()
        log = served.listed("log", "--limit", "1000")["acts"]
        if sum(entry["way"] == "page" for entry in log) != 24 or {entry["by"] for entry in log if entry["way"] == "page"} != {"mara-phone"}:
            sys.exit(f"the log does not say what was done: {[entry['words'] for entry in log]}")
        served.end()
    print("what people do on the pages is done once, and others see it")


main()
