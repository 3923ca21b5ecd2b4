"""An HTTP server whose answers a test lays down beforehand."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Answer:
    """What to answer; without a status the connection is closed without an answer."""

    status: Optional[int] = 200
    body: Any = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    close: bool = False


class AnsweringServer:
    """Takes the answers in their order, the last one again and again; remembers the requests."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> AnsweringServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection, len(self._connections)), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        reader = connection.makefile("rb")
        while True:
            line = reader.readline().decode()
            if not line:
                return
            method, target, _ = line.split()
            headers: dict[str, str] = {}
            while True:
                field_line = reader.readline().decode().rstrip("\r\n")
                if not field_line:
                    break
                key, _, value = field_line.partition(": ")
                headers[key.lower()] = value
            body = reader.read(int(headers.get("content-length", 0)))
            answer = self._answers[min(len(self.requests), len(self._answers) - 1)]
            self.requests.append(Request(method, target, headers, body, number))
            if answer.status is None:
                connection.shutdown(socket.SHUT_RDWR)
                connection.close()
                return
            data = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
            fields = [("Content-Type", answer.content_type), ("Content-Length", str(len(data))), *answer.headers]
            head = f"HTTP/1.1 {answer.status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields) + "\r\n"
            connection.sendall(head.encode() + data)
            if answer.close:
                # Closed without being announced, as a server does with a connection that was idle.
                connection.shutdown(socket.SHUT_RDWR)
                connection.close()
                return
