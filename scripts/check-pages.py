"""Looks at the pages of `quotawatch serve` in Debian's chromium; see check-pages.sh."""

import base64
import contextlib
import datetime
import functools
import html
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import page_world

THEMES = ("light", "dark")
WIDTHS = (360, 1280)
# The moment of the demo's last reading.
DEMO_TIME = "2026-12-05T09:00:00Z"
# Whose quota is going to be used up.
PORTRAIT = "/organizations/org-00026"
NAMES = [
    "<b>Bold</b> & \"quoted\" 'Ltd'", "Ein-außerordentlich-langer-Name-ohne-eine-einzige-Lücke-" * 3,
    "شركة الاختبار المحدودة", "\"\u0301 onmouseover=alert(1) x=\"", "株式会社テスト", "{{warning}}"]


class Browser:
    def __init__(self, folder):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.folder = folder
        self.problems = []
        self.views = 0

    def dress(self, theme, width, scripts=True):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})

    def source(self):
        """The document as it is now, with or without scripts."""
        root = self.driver.execute_cdp_cmd("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        return self.driver.execute_cdp_cmd("DOM.getOuterHTML", {"nodeId": root})["outerHTML"]

    def requests(self):
        """The addresses that were asked for since one looked last."""
        entries = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [entry["params"]["request"]["url"] for entry in entries if entry["method"] == "Network.requestWillBeSent"]

    def shoot(self, name):
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "format": "png", "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}})
        (self.folder / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))

    def look(self, base, path, name, expected=(), most=None, is_missing=False):
        """Opens a page in every way, and notes what is wrong with it."""
        for scripts in (True, False):
            for theme in THEMES:
                for width in WIDTHS:
                    self.dress(theme, width, scripts)
                    self.driver.get_log("browser"), self.requests()
                    self.driver.get(base + path)
                    where = f"{name} ({theme}, {width} px, {'with' if scripts else 'without'} scripts)"
                    self.problems += [f"{where}: {problem}"
                                      for problem in self.faults(base, path, width, scripts, expected, most, is_missing)]
                    if scripts or theme == "light":
                        self.shoot(f"{name}.{width}.{theme}{'' if scripts else '.plain'}")
                    self.views += 1

    def faults(self, base, path, width, scripts, expected, most, is_missing):
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        if size["width"] > width:
            yield f"it is {size['width']} px wide"
        text = words(self.source())
        for part in expected:
            if " ".join(part.split()) not in text:
                yield f"it does not show \"{part}\""
        asked = self.requests()
        for url in asked:
            if not url.startswith(base) and not url.startswith("data:"):
                yield f"it asks for {url}"
        if most and len([url for url in asked if url.startswith(base)]) > most:
            yield f"it takes {len(asked)} requests: {asked}"
        for entry in self.driver.get_log("browser"):
            if is_missing and entry["message"].startswith(base + path) and "404" in entry["message"]:
                continue
            yield f"the console says {entry['message']}"
        if scripts:
            axe = Axe(self.driver)
            axe.inject()
            for violation in axe.run()["violations"]:
                yield f"axe finds {violation['id']}: {violation['nodes'][0]['html'][:200]}"


def words(document):
    """What a document says, as one line of text."""
    document = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", document, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(td|th|p|dt|dd|li|h\d|option|div|a|b)>", " ", document))).split())


@contextlib.contextmanager
def served(program, config, *options):
    """A server of a configuration, and its address."""
    process = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--config", str(config), *options], stdout=subprocess.PIPE,
        text=True)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://[0-9.:]+", line)
        if not found:
            sys.exit(f"the server does not start: {line}")
        yield found.group(0)
    finally:
        process.terminate()
        if process.wait(timeout=10) != 0:
            sys.exit(f"the server ended with {process.returncode}")


def ask(program, config, *command):
    return json.loads(subprocess.run(
        [program, *command, "--json", "--config", str(config)], capture_output=True, text=True, check=True).stdout)


def grouped(number):
    return f"{number:,}".replace("-", "−")


def demo(program, browser, folder):
    """The demo's month: every page against what the commands print."""
    subprocess.run([program, "demo", "--folder", str(folder)], check=True, stdout=subprocess.DEVNULL)
    config = folder / "alerts.json"
    status = ask(program, config, "status")["status"]
    alerts = ask(program, config, "alerts")["alerts"]
    figures = [grouped(row["used"]) for row in status] + [f"{row['percent']} %" for row in status if "percent" in row]
    report = subprocess.run(
        [program, "report", "reconciliation", "2026-11", "--format", "jsonl", "--fail-on", "none", "--config", str(config)],
        capture_output=True, text=True, check=True).stdout
    rows = [json.loads(line) for line in report.splitlines()]
    notes = [row["note"] for row in rows if row["note"]]
    channels = ask(program, config, "notify", "list")["notifiers"]
    with served(program, config, "--as-of", DEMO_TIME) as base:
        names = [row["organization_name"] for row in status]
        browser.look(base, "/", "overview", [*names, *figures], most=4)
        for identifier in ("globex", "hooli"):
            own = [row for row in status if row["organization_id"] == identifier]
            firing = [alert["reason"] for alert in alerts if alert["organization_id"] == identifier]
            browser.look(
                base, f"/organizations/{identifier}", f"organization-{identifier}",
                [f"{grouped(row['used'])} of {grouped(row['quota'])} {row['metric']}" for row in own] + firing)
        browser.look(base, "/organizations/globex?month=2026-11", "organization-past", ["November 2026"])
        browser.look(base, "/alerts", "alerts", [alert["reason"] for alert in alerts])
        browser.look(base, "/deliveries", "deliveries", [channel["id"] for channel in channels])
        browser.look(base, "/reconciliation", "reconciliation-index", ["November 2026"])
        browser.look(base, "/reconciliation/2026-11", "reconciliation", [f"of {len(rows)} rows", *notes])
        browser.look(base, "/system", "system", ["Last backup", "Findings of check"])
        browser.look(base, "/?q=nobody-is-called-so", "overview-none", ["No row fits"])
        paper(browser, base)
        interaction(browser, base)


def paper(browser, base):
    """What is printed has the figures, and nothing to click on."""
    browser.dress("light", 1280)
    browser.driver.get(base + "/organizations/globex")
    pdf = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    (browser.folder / "organization.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", str(browser.folder / "organization.pdf"), "-"], capture_output=True, text=True,
        check=True).stdout
    if "Globex" not in text or "Deliveries" in text:
        browser.problems.append("what is printed of an organization is not its content alone")


def interaction(browser, base):
    """Keyboard and script: what one does keeps its place."""
    driver = browser.driver
    browser.dress("light", 1280)
    driver.get(base + "/")
    driver.switch_to.active_element.send_keys(Keys.TAB)
    if driver.switch_to.active_element.get_attribute("class") != "skip":
        browser.problems.append("the first key does not lead to the content")
    driver.execute_script("window.stays = true")
    driver.find_element(By.NAME, "q").send_keys("globex")
    wait(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".overview tbody tr")) == 2, browser, "typing does not filter")
    if driver.switch_to.active_element.get_attribute("name") != "q" or "q=globex" not in driver.current_url:
        browser.problems.append("filtering loses the focus or the address")
    driver.find_element(By.LINK_TEXT, "Used").click()
    wait(lambda: "sort=used" in driver.current_url, browser, "sorting does not change the address")
    driver.back()
    wait(lambda: "sort=used" not in driver.current_url, browser, "there is no way back")
    if not driver.execute_script("return window.stays"):
        browser.problems.append("filtering or sorting loads the whole page")
    driver.get(base + "/organizations/globex?month=2026-11")
    driver.find_element(By.TAG_NAME, "summary").click()
    before = driver.execute_script("scrollTo(0, 300); return scrollY")
    driver.execute_script(
        "const now = Date.now; Date.now = () => now() + 120000; document.dispatchEvent(new Event('visibilitychange'))")
    time.sleep(1)
    if driver.execute_script("return scrollY") != before or not driver.find_element(By.TAG_NAME, "details").get_attribute("open"):
        browser.problems.append("refreshing loses the place")


def wait(condition, browser, problem):
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    browser.problems.append(problem)


def portrait(browser, base, picture):
    """The picture of the README: an organization's month in both themes."""
    parts = []
    for theme in THEMES:
        browser.dress(theme, 1120)
        browser.driver.get(base + PORTRAIT)
        size = {"x": 0, "y": 0, "width": 1120, "height": 850, "scale": 1}
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        data = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 80, "clip": size})["data"]
        target = picture if theme == "light" else picture.with_stem(picture.stem + "-dark")
        target.write_bytes(base64.b64decode(data))
        parts.append(target)
    for target in parts:
        if target.stat().st_size > 100_000:
            browser.problems.append(f"{target} has {target.stat().st_size} bytes")


def many(program, browser, folder, picture):
    """Many organizations, with names that are hard to show, a key that is refused, a silence, and no quota."""
    folder.mkdir()
    count = 60
    with page_world.Sandbox(program, count) as sandbox:
        config = page_world.build(program, folder, sandbox, count, months=3, per_day=4)
        document = json.loads(config.read_text())
        for entry, name in zip(document["organizations"], NAMES):
            entry["name"] = name
        document["organizations"][25]["name"] = "Northwind Traders"
        document["schedule"] = {"every": "1h"}
        config.write_text(json.dumps(document))
        sandbox.post("/sandbox/keys", {"revoke": page_world.key(8)})
        subprocess.run([program, "collect", "--quiet", "--config", str(config)], check=False)
        subprocess.run(
            [program, "silence", "add", "--organization", "org-00001", "--until", "2h", "--reason", "moving house <b>",
             "--config", str(config)], check=True, stdout=subprocess.DEVNULL)
        document.pop("schedule")
        config.write_text(json.dumps(document))
        backup = folder / "backup.sqlite"
        subprocess.run([program, "db", "backup", str(backup), "--config", str(config)], check=True, stdout=subprocess.DEVNULL)
        with served(program, config) as base:
            browser.look(base, "/?sort=name", "many", [f"1–50 of {2 * count} rows", *NAMES[:1]])
            for index in range(len(NAMES)):
                browser.look(base, f"/organizations/org-{index + 1:05}", f"name-{index + 1}", [NAMES[index]])
            browser.look(base, "/organizations/org-00008", "refused", ["Key rejected", "Not readable since"])
            browser.look(base, "/organizations/org-00009", "no-quota", ["no quota"])
            browser.look(base, "/alerts", "many-alerts", ["moving house <b>"])
            browser.look(base, "/system", "many-system", [str(backup)])
            if picture:
                portrait(browser, base, picture)
            browser.look(base, "/organizations/nobody", "missing", ["There is no such organization here."], is_missing=True)


def crowd(program, browser, folder):
    """More than fits on a page of anything: organizations, alerts, dead letters, and rows of a reconciliation. And the first
    minutes of the next month, of which nothing was read yet."""
    folder.mkdir()
    count = 500
    with page_world.Sandbox(program, count) as sandbox:
        sandbox.post("/sandbox/hooks", {"path": "/hooks/ops", "answer": "status", "status": 400, "times": 10_000})
        ops = {"type": "webhook", "url": sandbox.url + "/hooks/ops", "secret": {"env": "BENCH_SECRET"},
               "group_above": 10_000, "max_messages": 10_000}
        config = page_world.build(program, folder, sandbox, count, months=1, per_day=2, notifiers={"ops": ops})
        page_world.give_up(folder / "quotawatch.sqlite")
        month = datetime.datetime.now(page_world.UTC)
        following = (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        dead = len(ask(program, config, "notify", "list", "--dead")["deliveries"])
        if dead < 300:
            browser.problems.append(f"there are {dead} dead letters alone")
        with served(program, config) as base:
            browser.look(base, "/?page=3", "crowd", [f"101–150 of {2 * count:,} rows"])
            browser.look(base, "/alerts?firing=2", "crowd-alerts", ["51–100 of"])
            browser.look(base, "/deliveries", "crowd-deliveries", [f"1–50 of {dead:,} messages"])
            browser.look(base, f"/reconciliation/{month:%Y-%m}", "crowd-reconciliation", ["1–50 of"])
            paging(browser, base)
        with served(program, config, "--as-of", f"{following:%Y-%m}-01T00:10:00Z") as base:
            browser.look(base, "/", "first-day", [f"{following:%B %Y}", f"{month:%B %Y}", "Stale"])
            browser.look(base, "/organizations/org-00001", "first-day-organization",
                         ["This month is over, and nothing was read of the present one."])


def paging(browser, base):
    """The next page of a list begins where it can be seen."""
    driver = browser.driver
    browser.dress("light", 1280)
    driver.get(base + "/")
    link = driver.find_element(By.CSS_SELECTOR, ".paging a[rel=next]")
    driver.execute_script("arguments[0].scrollIntoView()", link)
    link.click()
    wait(lambda: "page=2" in driver.current_url, browser, "there is no way to the next page")
    top = driver.execute_script("return document.getElementById('rows').getBoundingClientRect().top")
    if not -1 <= top < 450:
        browser.problems.append(f"the next page begins {top} px below")


@contextlib.contextmanager
def host(folder):
    """Another's server, of the files of a folder."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def frame(program, browser, folder):
    """The plain example of docs/embed.md, on another's page."""
    folder.mkdir()
    (folder / "host").mkdir()
    with page_world.Sandbox(program, 1) as sandbox, host(folder / "host") as elsewhere:
        config = page_world.configuration(
            folder, sandbox.url, [{"id": "acme", "name": "Acme Corp", "key": page_world.key(1), "quota": {"pages": 5000}}],
            embed={"secret": {"env": "EMBED_SECRET"}, "frame_ancestors": [elsewhere], "allowed_origins": [elsewhere]})
        subprocess.run([program, "collect", "--quiet", "--config", str(config)], check=True)
        token = ask(program, config, "embed", "acme")["token"]
        example = re.search(r"```html\n(.*?)```", pathlib.Path("docs/embed.md").read_text(), re.S).group(1)
        row = ask(program, config, "status")["status"][0]
        with served(program, config) as base:
            shown = example.replace("https://usage.example.com", base).replace("TOKEN", token)
            for theme, suffix in (("light", ""), ("dark", "&lang=de")):
                text = shown.replace("theme=light", f"theme={theme}{suffix}")
                (folder / "host" / f"{theme}.html").write_text(
                    f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Usage</title>'
                    f'<link rel="icon" href="data:,"></head><body style="background: {"#fff" if theme == "light" else "#111"}">'
                    f'<main><h1 style="color: #888">Our own page</h1>{text}</main></body></html>')
                for width in WIDTHS:
                    browser.dress("light", width)
                    browser.driver.get_log("browser"), browser.requests()
                    browser.driver.get(f"{elsewhere}/{theme}.html")
                    driver = browser.driver
                    element = driver.find_element(By.TAG_NAME, "iframe")
                    wait(lambda: element.get_attribute("height") != "240", browser, f"the frame ({theme}) does not tell its height")
                    browser.shoot(f"embed.{width}.{theme}")
                    driver.switch_to.frame(element)
                    text = driver.find_element(By.TAG_NAME, "body").text
                    used = f"{row['used']:,}".replace(",", "." if theme == "dark" else ",")
                    if used not in text or "Acme Corp" not in text:
                        browser.problems.append(f"the frame ({theme}, {width} px) does not show its figures: {text!r}")
                    wide, high = driver.execute_script(
                        "const d = document.documentElement; return [d.scrollWidth > d.clientWidth, d.scrollHeight > innerHeight]")
                    if wide or high:
                        browser.problems.append(f"the frame ({theme}, {width} px) does not fit its content")
                    if driver.execute_script("return document.cookie") or driver.get_cookies():
                        browser.problems.append("the frame sets cookies")
                    driver.switch_to.default_content()
                    axe = Axe(driver)
                    axe.inject()
                    for violation in axe.run()["violations"]:
                        browser.problems.append(f"the frame ({theme}): axe finds {violation['id']}: {violation['nodes'][0]['html'][:200]}")
                    for entry in driver.get_log("browser"):
                        browser.problems.append(f"the frame ({theme}): the console says {entry['message']}")
                    for url in browser.requests():
                        if not url.startswith((base, elsewhere, "data:")):
                            browser.problems.append(f"the frame asks for {url}")
                    browser.views += 1


def nothing(program, browser, folder):
    """Nothing was read yet."""
    folder.mkdir()
    config = page_world.configuration(folder, "http://127.0.0.1:9", [{"id": "acme", "key": page_world.key(1)}])
    with served(program, config) as base:
        browser.look(base, "/", "nothing", ["Never read"])
        browser.look(base, "/organizations/acme", "nothing-organization", ["Never read", "No reading yet."])
        for path in ("/alerts", "/deliveries", "/reconciliation", "/system"):
            browser.look(base, path, f"nothing{path.replace('/', '-')}")


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    picture = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["EMBED_SECRET"] = "b7d3f1a05c9e42688d20e6f4c1a97b35"
    os.environ["BENCH_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    browser = Browser(folder)
    try:
        with tempfile.TemporaryDirectory(prefix="quotawatch-pages-") as work:
            demo(program, browser, pathlib.Path(work) / "demo")
            many(program, browser, pathlib.Path(work) / "many", picture)
            crowd(program, browser, pathlib.Path(work) / "crowd")
            nothing(program, browser, pathlib.Path(work) / "nothing")
            frame(program, browser, pathlib.Path(work) / "frame")
    finally:
        browser.driver.quit()
        for problem in dict.fromkeys(browser.problems):
            print(problem, file=sys.stderr)
    if browser.problems:
        sys.exit(1)
    print(f"pages: {browser.views} views are sound; see {folder}")


main()
