"""A mail server on loopback.

Takes its settings as JSON in the first argument, prints its port on the first line, then one JSON object a line for every
message. Ends when its standard input ends.

    tls: "none", "starttls" (required) or "implicit"; certificate, key: PEM files
    username, password: required if given
    refused: recipients that are answered with 550
    failures: how many messages are answered with 451 before one is taken
"""

import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys
from email.header import decode_header, make_header
from email.utils import getaddresses

from aiosmtpd.smtp import SMTP, AuthResult

settings = json.loads(sys.argv[1])


def mailboxes(content, header):
    # The older parser: the newer one keeps the space between the encoded words of a name (cpython issue 92081).
    values = email.message_from_bytes(content).get_all(header, [])
    return [[str(make_header(decode_header(name))), address] for name, address in getaddresses(values)]


class Sink:
    def __init__(self):
        self.failures = settings.get("failures", 0)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in settings.get("refused", []):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        if self.failures > 0:
            self.failures -= 1
            return "451 4.3.0 try again later"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        print(json.dumps({
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "login": session.auth_data,
            "data": base64.b64encode(envelope.content).decode(),
            "headers": [[name.lower(), str(value)] for name, value in message.items()],
            "from": mailboxes(envelope.content, "from"),
            "to": mailboxes(envelope.content, "to"),
            "types": [part.get_content_type() for part in message.walk()],
            "text": text.get_content().replace("\r\n", "\n") if text else "",
            "html": html.get_content().replace("\r\n", "\n") if html else "",
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }), flush=True)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, login):
    name = login.login.decode()
    accepted = name == settings.get("username") and login.password.decode() == settings.get("password")
    return AuthResult(success=accepted, handled=accepted, auth_data=name if accepted else None)


async def main():
    mode = settings.get("tls", "none")
    context = None
    if mode != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings["certificate"], settings["key"])
    sink = Sink()
    login = "username" in settings

    def session():
        return SMTP(
            sink,
            hostname="mail.test",
            tls_context=context if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            authenticator=authenticate if login else None,
            auth_required=login,
            auth_require_tls=mode == "starttls",
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if mode == "implicit" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
