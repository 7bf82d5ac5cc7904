"""Has documents processed by the vendor's own client, and prints a line of JSON for each.

    vendor_client.py BASE_URL FOLDER

The sandbox's clock has to stand still: it is advanced after every question for a status.
"""

import asyncio
import base64
import io
import json
import pathlib
import sys
import urllib.request

import docutray

base_url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
metadata = {"batch": 7, "note": 'ä "quoted"\r\n--boundary'}
# A document in which the delimiters of forms seem to stand, and larger than what is read at once.
document = b"\x89PNG\r\n\x1a\n" + b"\r\n--\r\n\r\n--boundary--\r\n" * 20_000
picture = folder / 'scan "1" \\ ä.png'
picture.write_bytes(document)
encoded = base64.b64encode(document).decode()

ways = {
    "bytes": lambda: {"file": document, "content_type": "image/png"},
    "bytes of a PDF": lambda: {"file": b"%PDF-1.7\n"},
    "path": lambda: {"file": picture},
    "open file": lambda: {"file": io.BytesIO(document), "content_type": "image/webp"},
    "URL": lambda: {"url": "https://files.example.com/invoice.pdf"},
    "URL with a type": lambda: {"url": "https://files.example.com/invoice", "content_type": "application/pdf"},
    "base64": lambda: {"file_base64": encoded, "content_type": "image/png"},
    "data URI": lambda: {"file_base64": "data:image/png;base64," + encoded},
}
kinds = {
    "step": ("steps", {"step_id": "step-9", "document_metadata": metadata}),
    "bare step": ("steps", {"step_id": "step-9"}),
    "conversion": ("convert", {"document_type_code": "bank-statement", "document_metadata": metadata}),
    "bare conversion": ("convert", {"document_type_code": "bank-statement"}),
    "identification": ("identify", {"document_type_code_options": ["receipt", "invoice"]}),
    "bare identification": ("identify", {}),
}


def tell(what, **told):
    print(json.dumps({"what": what, **told}))


def advance(_status=None):
    body = json.dumps({"advance": "1s"}).encode()
    urllib.request.urlopen(urllib.request.Request(base_url + "/sandbox/clock", data=body, method="POST")).close()


def describe(status):
    told = status.model_dump(mode="json")
    told["document_type"] = (told.get("document_type") or {}).get("code")
    names = ("status", "error", "document_type", "document_type_code", "step_id", "original_filename")
    return {name: told[name] for name in names if told.get(name)} | {
        "has_result": bool(told.get("data")), "metadata_came_back": told.get("document_metadata") == metadata}


def at_once(client):
    for kind, (resource, arguments) in kinds.items():
        for way, document in ways.items():
            operations = getattr(client, resource)
            statuses = []
            started = operations.run_async(**document(), **arguments)
            ended = started.wait(poll_interval=0.01, on_status=lambda s: (statuses.append(s.status), advance()))
            tell(f"{kind} by {way}", statuses=[started.status, *statuses], **describe(ended))
            if resource != "steps":
                result = operations.run(**document(), **arguments)
                tell(f"{kind} by {way}, at once", has_result=bool(result.model_dump().get("data")))


async def beside_others(client):
    for kind, (resource, arguments) in kinds.items():
        started = await getattr(client, resource).run_async(**ways["path"](), **arguments)
        ended = await started.wait_async(poll_interval=0.01, on_status=advance)
        tell(f"{kind}, asynchronously", **describe(ended))
    await client.close()


def refusals(client):
    bad = docutray.Client(api_key="nobody", base_url=base_url, max_retries=0)
    calls = {
        "a key that is not known": lambda: bad.steps.run_async("s", file=document),
        "a format that is not taken": lambda: client.convert.run(
            file=b"x", content_type="text/plain", document_type_code="invoice"),
        "a URL that is slow": lambda: client.identify.run(url="https://slow.invalid/a.png"),
        "an execution that is not there": lambda: client.convert.get_status("cm5vnothing"),
        "a rate limit": lambda: client.identify.run_async(url="https://files.example.com/a.png"),
    }
    for what, call in calls.items():
        if what == "a rate limit":
            body = json.dumps({"fault": "status", "status": 429, "endpoint": "identify", "times": 1}).encode()
            urllib.request.urlopen(base_url + "/sandbox/faults", data=body).close()
        try:
            call()
            tell(what, error=None)
        except docutray.APIError as error:
            tell(what, error=type(error).__name__, code=error.status_code)


def failures(client):
    body = json.dumps({"plan": {"outcome": "error"}}).encode()
    urllib.request.urlopen(base_url + "/sandbox/executions", data=body).close()
    for kind, (resource, arguments) in kinds.items():
        started = getattr(client, resource).run_async(**ways["URL"](), **arguments)
        ended = started.wait(poll_interval=0.01, on_status=advance)
        tell(f"{kind} that fails", failed=ended.is_error(), **describe(ended))


with docutray.Client(api_key="acme-key", base_url=base_url, max_retries=0) as client:
    at_once(client)
    asyncio.run(beside_others(docutray.AsyncClient(api_key="acme-key", base_url=base_url, max_retries=0)))
    refusals(client)
    failures(client)
