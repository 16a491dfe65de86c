"""The few calls of S3 and DynamoDB that the functions make, over HTTP. What is stored can be looked at directly.

Conditions of writes are not judged: the contract tests of the stores do that. Here only the packaging is in question.
"""

import email.utils
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override
from urllib.parse import unquote, urlsplit

type Item = dict[str, dict[str, Any]]
_MISSING = b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"


class FakeAws:
    """Objects by `bucket/key`, items by (table, pk, sk), and how long reading an object takes."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.items: dict[tuple[str, str, str], Item] = {}
        self.read_seconds = 0.0

    def items_of(self, ad_id: str) -> list[Item]:
        return [item for (_, pk, _), item in self.items.items() if pk == f"AD#{ad_id}"]

    def dynamodb(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        match operation:
            case "GetItem":
                item = self.items.get(_key(request, request["Key"]))
                return {"Item": item} if item else {}
            case "TransactWriteItems":
                for write in request["TransactItems"]:
                    put = write["Put"]
                    self.items[_key(put, put["Item"])] = put["Item"]
                return {}
            case "PutItem":
                self.items[_key(request, request["Item"])] = request["Item"]
                return {}
            case "UpdateItem":
                return {}
        raise NotImplementedError(operation)


def _key(request: dict[str, Any], item: Item) -> tuple[str, str, str]:
    return request["TableName"], item["pk"]["S"], item["sk"]["S"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, aws: FakeAws) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.aws = aws


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what happened shows in the store."""

    def do_GET(self) -> None:
        aws = self.server.aws
        body = aws.objects.get(self._object())
        time.sleep(aws.read_seconds)
        if body is None:
            self._answer(404, _MISSING, "application/xml")
        else:
            self._answer(200, body, "application/octet-stream", ETag=f'"{hashlib.sha256(body).hexdigest()}"')

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def do_PUT(self) -> None:
        self.server.aws.objects[self._object()] = self._body()
        self._answer(200, b"", "application/xml", ETag='"0"')

    def do_POST(self) -> None:
        _, _, operation = self.headers["X-Amz-Target"].partition(".")
        told = self.server.aws.dynamodb(operation, json.loads(self._body()))
        self._answer(200, json.dumps(told).encode(), "application/x-amz-json-1.0")

    def _object(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.send_header("Last-Modified", email.utils.formatdate(usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving(aws: FakeAws) -> Iterator[FakeAws]:
    """Serve it on a free port of this machine."""
    with _Server(aws) as server:
        aws.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield aws
        finally:
            server.shutdown()
