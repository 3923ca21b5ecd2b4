"""A `hone serve` of one's own that may be killed, and keep-alive connections to it. Standard library only."""

from __future__ import annotations

import http.client
import json
import pathlib
import socket
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from hone_server import HoneServer, executable  # noqa: E402, F401


class Connection:
    """Requests over one connection, sent again until they are answered while the server is away."""

    def __init__(self, port: int, patience: float = 60):
        self.port, self.patience = port, patience
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body=None):
        """The status and the answer; a request that may have been taken is sent again, which Hone answers alike."""
        deadline = time.monotonic() + self.patience
        content = None if body is None else json.dumps(body)
        while True:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                    self.connection.connect()
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request(method, path, content, {"Content-Type": "application/json"})
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status == 503 and time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                kind = answer.getheader("Content-Type") or ""
                return answer.status, json.loads(text) if "json" in kind else text.decode()
            except (OSError, http.client.HTTPException, ValueError):
                self.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def good(self, method: str, path: str, body=None):
        """The answer, which has to be a good one."""
        status, answer = self.send(method, path, body)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path} was answered with {status}: {answer}")
        return answer

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def pages(self, path: str, field: str) -> list:
        """All elements of a list."""
        found, token = [], None
        while True:
            page = self.good("GET", f"{path}?page_size=1000" + (f"&page_token={token}" if token else ""))
            found += page[field]
            token = page.get("next_page_token")
            if not token:
                return found
