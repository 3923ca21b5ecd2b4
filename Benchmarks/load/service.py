"""A `hone serve` of one's own, and connections to it that cost little beside what is measured."""

from __future__ import annotations

import json
import pathlib
import selectors
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from hone_server import HoneServer


class Service(HoneServer):
    """A server that knows how long it took to start."""

    def start(self) -> Service:
        begun = time.perf_counter()
        super().start()
        self.start_seconds = time.perf_counter() - begun
        return self


def request(method: str, path: str, body=None) -> bytes:
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    kind = b"Content-Type: application/json\r\n" if content else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n".encode()
    return head + kind + b"\r\n" + content


class Connection:
    """One keep-alive connection: what was sent is answered in turn."""

    def __init__(self, address):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def take(self):
        """Reads what is there; the status and body of an answer once it is whole, else None."""
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.buffer[:end].lower()
        length = 0
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return None
        status = int(self.buffer[9:12])
        body = self.buffer[end + 4 : end + 4 + length]
        self.buffer = self.buffer[end + 4 + length :]
        return status, body

    def call(self, method: str, path: str, body=None):
        """One request and its answer; the JSON of it and the seconds it took."""
        start = time.perf_counter()
        self.send(request(method, path, body))
        while (answer := self.take()) is None:
            pass
        seconds = time.perf_counter() - start
        status, text = answer
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {text[:300]!r}")
        return (json.loads(text) if text.startswith((b"{", b"[")) else text), seconds


def quadratic(name: str, tuner: dict, **more) -> dict:
    """The definition of a study of six floats."""
    return {
        "name": name,
        "tuner": tuner,
        "parameters": [{"name": f"x{i}", "type": "float", "low": -2, "high": 2} for i in range(6)],
        "objectives": [{"metric": "loss", "goal": "minimize"}],
        **more,
    }


def loss(parameters: dict) -> float:
    return sum((value - 0.1) ** 2 for value in parameters.values())


class Worker:
    """One client that asks and tells in turn on a connection of its own, for `drive`."""

    def __init__(self, address, study: str, name: str, selector):
        self.connection = Connection(address)
        self.study, self.name = study, name
        self.asks: list[float] = []
        self.tells: list[float] = []
        self.trial = None
        self.begun = 0.0
        selector.register(self.connection.socket, selectors.EVENT_READ, self)

    def ask(self) -> None:
        self.trial = None
        self.begun = time.perf_counter()
        self.connection.send(request("POST", f"/v1/studies/{self.study}/ask", {"count": 1}))

    def tell(self) -> None:
        self.begun = time.perf_counter()
        path = f"/v1/studies/{self.study}/trials/{self.trial['number']}/tell"
        body = {"metrics": {"loss": loss(self.trial["parameters"])}, "lease_token": self.trial["lease"]["token"]}
        self.connection.send(request("POST", path, body))

    def advance(self) -> str | None:
        """Takes up an answer: `asked` or `told` when one is whole."""
        answer = self.connection.take()
        if answer is None:
            return None
        seconds = time.perf_counter() - self.begun
        status, body = answer
        if status != 200:
            raise RuntimeError(f"{status} {body[:300]!r}")
        if self.trial is None:
            self.trial = json.loads(body)["trials"][0]
            self.asks.append(seconds)
            return "asked"
        self.tells.append(seconds)
        return "told"


def drive(address, studies: list[str], clients: int, seconds: float, rate: float | None) -> tuple[list, list]:
    """Drives clients from one process for so long; the seconds of all asks and tells.

    rate: tells a second of all clients together, at even distances; as fast as they go where it is None.
    """
    selector = selectors.DefaultSelector()
    workers = [Worker(address, studies[i % len(studies)], f"w{i}", selector) for i in range(clients)]
    start = time.perf_counter()
    end = start + seconds
    idle = list(workers)
    sent = 0
    for worker in workers:
        worker.ask()
    ready: list[Worker] = []
    idle.clear()
    open_count = clients
    while open_count:
        now = time.perf_counter()
        if rate is not None:
            # Trials are held until their tell is due.
            while ready and (start + sent / rate <= now or now >= end):
                ready.pop(0).tell()
                sent += 1
        wait = None if rate is None or not ready else max(0.0, start + sent / rate - now)
        for key, _ in selector.select(wait):
            worker = key.data
            happened = worker.advance()
            if happened == "asked":
                if rate is None:
                    worker.tell()
                else:
                    ready.append(worker)
            elif happened == "told":
                if time.perf_counter() < end:
                    worker.ask()
                else:
                    open_count -= 1
    return [t for w in workers for t in w.asks], [t for w in workers for t in w.tells]


def quantile(values, part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
