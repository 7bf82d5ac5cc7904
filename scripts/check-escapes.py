"""Sends alerts about hostile names through every channel that people read, and looks at what parsers make of the messages:
check-escapes.py PROGRAM VENDOR MAIL

VENDOR is the address of a running sandbox, and MAIL that of its mail server. A name has to come out as it is: whatever is
linked, mentioned, tagged or formatted in a message is of our own.
"""

import email
import email.policy
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.request

import commonmark
import html5lib
import linkify_it
import markdown_it
import mistune
import tdjson

# The first is harmless: what is formatted in messages about it is of our own.
NAMES = [
    "Acme Corp", "www.evil.com", "evil.com", "Booking.com B.V.", "https://evil.example/x", "http://127.0.0.1/x",
    "mailto:a@b.com", "a@evil.com", "#tag", "/start", "/start@bot", "@everyone", "@here", "@channel", "@anna",
    "<!channel>", "<@U123>", "<#C123>", "<https://evil.example|Invoice>", "<a href='https://evil.example'>x</a>",
    "<at>Anna</at>", "[a](http://b)", "![a](http://b)", "[a]: http://b", "**x**", "*x*", "__x__", "_x_", "***x***",
    "~~x~~", "~x~", "||x||", "`x`", "```x```", "# x", "-# x", "> q", ">>> q", "- l", "* l", "+ l", "1. l", "1) l",
    "---", "===", "| a | b |", "{{DATE(2026-01-01T00:00:00Z)}}", ":smile:", ":)", "<3", "+49 30 1234567",
    "+1-212-555-0123", "(030) 123 45 67", "4242 4242 4242 4242", "4242424242424242", "$CASH", "~town-square",
    "a\\*b\\*", "&lt;b&gt;", "&#42;x&#42;", "R&D", "tg://user?id=1", "1.2.3.4", "t.me/x", "例え。テスト", "x_y_z", "2*3*4",
]
TEMPLATE = "{{organization_name}}\n{{headline}}"
GAP = "\u200b"
# The signs that Teams is shown in place of those that its Markdown has no way around.
TWINS = str.maketrans({"∗": "*", "ˋ": "`", "∼": "~", "ˍ": "_"})
LINKIFY = linkify_it.LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True})
MARKDOWN = {
    "markdown-it": markdown_it.MarkdownIt("default", {"html": False}).render,
    "commonmark": commonmark.commonmark,
}
# What knows no entities is asked of Teams alone.
FURTHER = {"mistune": mistune.create_markdown(plugins=["strikethrough", "table", "url"])}

failures = []


class Reader:
    """What parsers see in the parts of one channel's messages."""

    def __init__(self, channel, name, usual):
        self.channel, self.name, self.usual = channel, name, usual

    def fail(self, what):
        failures.append(f"{self.channel}: {self.name!r} {what}")

    def compare(self, what, found):
        """Holds what is found against what is found in a message about the harmless name."""
        if found != self.usual.setdefault((self.channel, what), found):
            self.fail(f"makes {found} of the {what}")

    def shows(self, what, text):
        if self.name not in re.sub(r"\s+", " ", text.replace(GAP, "")):
            self.fail(f"is not in the {what}: {text!r}")

    def links(self, what, text):
        for match in LINKIFY.match(text) or []:
            self.fail(f"becomes the link {match.text!r} in the {what}")

    def page(self, what, page, twins=False):
        body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
        self.compare(what, sorted(element.tag for element in body.iter() if element is not body))
        text = "".join(body.itertext())
        self.shows(what, text.translate(TWINS) if twins else text)
        self.links(what, text)

    def markdown(self, what, text, parsers=MARKDOWN, twins=False):
        for parser, render in parsers.items():
            self.page(f"{what}, read by {parser}", render(text), twins)


def library(call, **fields):
    """Asks Telegram's library."""
    return json.loads(tdjson.td_execute(json.dumps({"@type": call, **fields}).encode()))


def telegram(reader, body):
    parsed = library("parseTextEntities", text=body["text"], parse_mode={"@type": "textParseModeHTML"})
    if "text" not in parsed:
        return reader.fail(f"cannot be read: {parsed}")
    kinds = [entity["type"]["@type"] for entity in parsed["entities"]]
    reader.compare("text", kinds)
    reader.shows("text", parsed["text"])
    units = parsed["text"].encode("utf-16-le")
    code = [entity for entity in parsed["entities"] if entity["type"]["@type"] == "textEntityTypeCode"]
    for entity in library("getTextEntities", text=parsed["text"])["entities"]:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        # Nothing is looked for in code, and times are links to a place in a film where a message answers one.
        if entity["type"]["@type"] != "textEntityTypeMediaTimestamp" and not any(known["offset"] <= start < known["offset"] + known["length"] for known in code):
            reader.fail(f"becomes {entity['type']['@type']}: {units[2 * start:2 * end].decode('utf-16-le')!r}")


def discord(reader, body):
    for embed in body["embeds"]:
        reader.markdown("title", embed["title"])
        reader.markdown("description", embed["description"])


def mattermost(reader, body):
    for attachment in body["attachments"]:
        for part in ("title", "text", "fallback"):
            # What the server makes of Slack's links before anything else.
            text = re.sub(r"<([^|>]+)\|([^>]+)>", r"[\2](\1)", attachment[part])
            text = re.sub(r"<!(channel|here|everyone|all)>", r"@\1", text)
            if re.search(r"(?<![\w`])[@#~][\w-]", re.sub(r"\\(?=[^\w\s])", "", text)):
                reader.fail(f"mentions or tags in the {part}: {text!r}")
            reader.markdown(part, text)


def teams(reader, body):
    card = body["attachments"][0]["content"]
    if "{{DATE" in json.dumps(card):
        reader.fail("keeps a date alive")
    reader.shows("fallback", card["fallbackText"])
    for element in card["body"]:
        if element["type"] != "TextBlock":
            continue
        text = element["text"]
        # Microsoft's own parser in apps: emphasis, links and lists, and no backslashes.
        if re.search(r"\\(?!\u200b)|\]\(|\*|\b_|_\b", text.replace("**", "")):
            reader.fail(f"has markup in {text!r}")
        if reader.channel.endswith("template"):
            reader.markdown("text", text, MARKDOWN | FURTHER, twins=True)


def slack(reader, body):
    def texts(value):
        if isinstance(value, dict):
            if value.get("type") in ("mrkdwn", "plain_text", "raw_text"):
                yield value["type"], value["text"]
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)

    for kind, text in [("mrkdwn", body["text"]), *texts(body["blocks"])]:
        own = re.sub(r"<!date\^[^>]*>", "", text)
        if re.search(r"[<>]|&(?!amp;|lt;|gt;)", own):
            reader.fail(f"is not escaped in {text!r}")
        if kind == "mrkdwn":
            bare = re.sub(r"^\*[A-Z][A-Za-z ]*\*\n|^`[█░]*`", "", own)
            if re.search(r"([*_~`])(?=[^\s\u200b])[^\n]*?\1|:[a-z]\w*:|^&gt;", bare, re.MULTILINE):
                reader.fail(f"formats in {text!r}")
            reader.links("text", bare)
    reader.shows("fallback", body["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def ntfy(reader, body):
    for part in ("title", "message"):
        reader.shows(part, body[part])
        reader.links(part, body[part])


def mail(reader, message):
    message = email.message_from_string(message, policy=email.policy.default)
    for header in message.values():
        if getattr(header, "defects", None):
            reader.fail(f"has defects in {header!r}: {header.defects}")
    for part in message.iter_parts():
        text = part.get_content()
        if part.get_content_type() == "text/html":
            reader.page("page", text)
        else:
            # The address that it comes from, and the id of the event, are our own.
            reader.shows("text", text)
            reader.links("text", text.split("\n-- ")[0])


class Services(http.server.BaseHTTPRequestHandler):
    """All of the services: keeps what they are sent, by the channel that the path or the topic names."""

    messages = {}

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.messages[body.get("topic") or self.path.split("/")[1]] = body
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


READERS = {"telegram": telegram, "discord": discord, "mattermost": mattermost, "teams": teams, "slack": slack, "ntfy": ntfy}


def configuration(name, vendor, server, services):
    notifiers = {
        "mail": {"type": "email", "url": server, "from": "quotawatch@example.com", "to": ["ops@example.com"]},
        "mail-template": {
            "type": "email", "url": server, "from": "template@example.com", "to": ["ops@example.com"],
            "template": {"subject": "{{subject}}", "text": TEMPLATE, "html": "<p>{{organization_name}}</p>"}},
    }
    for kind in READERS:
        if kind == "telegram":
            settings = {"type": kind, "token": {"env": "TOKEN"}, "chat_id": 1}
            notifiers[kind] = {**settings, "url": f"{services}/{kind}"}
            notifiers[f"{kind}-template"] = {
                **settings, "url": f"{services}/{kind}-template", "template": {"text": TEMPLATE}}
            continue
        for channel in (kind, f"{kind}-template"):
            variable = f"URL_{channel.upper().replace('-', '_')}"
            os.environ[variable] = f"{services}/{channel}"
            notifiers[channel] = {"type": kind, "url": {"env": variable}}
        notifiers[f"{kind}-template"]["template"] = {"title": "{{subject}}", "text": TEMPLATE}
    return {
        "database": "quotawatch.sqlite", "api": {"base_url": vendor},
        "plans": {"flat": {"currency": "EUR", "charges": [{"model": "flat", "name": "Fee", "amount": "10.00"}]}},
        "organizations": [{"id": "acme", "name": name, "api_key": {"env": "KEY"}, "plan": "flat"}],
        # Its sentence stands beside the title, and so does the name.
        "rules": [{"id": "costs", "type": "spend", "amount": "1.00", "notify": list(notifiers)}],
        "notifiers": notifiers,
    }


def ask(address, path, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(address + path, method=method)) as answer:
        return json.loads(answer.read() or b"null")


def main(program, vendor, server):
    tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())
    os.environ.update(KEY="bench-key-00001", TOKEN="1:token")
    services = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Services)
    threading.Thread(target=services.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{services.server_port}"
    usual = {}
    for name in NAMES:
        for file in pathlib.Path().glob("quotawatch.sqlite*"):
            file.unlink()
        Services.messages.clear()
        ask(vendor, "/sandbox/mail", "DELETE")
        pathlib.Path("alerts.json").write_text(json.dumps(configuration(name, vendor, server, address)))
        run = subprocess.run([program, "collect", "--delivery-budget", "5s"], capture_output=True, text=True)
        if run.returncode not in (0, 3):
            sys.exit(f"{name!r}: collect ended with {run.returncode}: {run.stderr}")
        for channel in [entry for kind in READERS for entry in (kind, f"{kind}-template")]:
            reader = Reader(channel, name, usual)
            if channel in Services.messages:
                READERS[channel.removesuffix("-template")](reader, Services.messages[channel])
            else:
                reader.fail(f"was not told: {run.stderr}")
        mails = ask(vendor, "/sandbox/mail")["mail"]
        for letter in mails:
            mail(Reader(f"mail from {letter['sender']}", name, usual), letter["message"])
        if len(mails) != 2:
            failures.append(f"mail: {name!r} came {len(mails)} times")
    if failures:
        sys.exit("\n".join(failures) + f"\n{len(failures)} failures")
    print(f"{len(NAMES)} names come out as they are in every channel")


main(*sys.argv[1:])
