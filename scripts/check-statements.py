"""Looks at a file of statements in Debian's chromium; see check-statements.sh."""

import base64
import pathlib
import re
import subprocess
import sys
import tempfile

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTHS = [320, 360, 768, 1024, 1280, 1920]


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def problems(driver, url):
    for width in WIDTHS:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        driver.get(url)
        needed = driver.execute_script("return document.documentElement.scrollWidth")
        if needed > width:
            yield f"at {width} px the page is {needed} px wide"
        axe = Axe(driver)
        axe.inject()
        for violation in axe.run()["violations"]:
            yield f"at {width} px axe finds {violation['id']}: {violation['nodes'][0]['html'][:200]}"
    for entry in driver.get_log("browser"):
        yield f"the console says {entry['message']}"


def printing(driver):
    pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        text = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.rstrip("\f").split("\f")
    # An overview, and a page for each of the six organizations.
    if len(pages) != 7:
        yield f"what is printed has {len(pages)} pages instead of 7"
    for number, page in enumerate(pages, 1):
        if not re.search(rf"Page {number} of {len(pages)}\s*$", page):
            yield f"page {number} has no number"
        if number > 1 and len(re.findall(r"^ *Total\b", page, re.MULTILINE)) != 1:
            yield f"page {number} has not one total"


def main():
    url = pathlib.Path(sys.argv[1]).as_uri()
    driver = browser()
    try:
        found = [*problems(driver, url), *printing(driver)]
    finally:
        driver.quit()
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"statements: sound at {', '.join(map(str, WIDTHS))} px and on paper")


main()
