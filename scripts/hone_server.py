"""A `hone serve` of a script's own, that may be stopped, killed and started again. Standard library only."""

from __future__ import annotations

import atexit
import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def executable(named: str | None = None) -> str:
    """The program to test: the one that is named, else what was built in the repository."""
    if named:
        return named
    for kind in ("release", "debug"):
        path = ROOT / ".build" / kind / "hone"
        if path.exists():
            return str(path)
    raise SystemExit("there is no .build/release/hone; run make build, or name one with --hone")


class HoneServer:
    """A server on a port of its own, without a limit of requests, over a database in a folder.

    It keeps its port when it is started again. However the script ends, no server stays behind.
    """

    def __init__(self, hone: str, folder, *options: str, **settings):
        """`settings` are those of `subprocess.Popen`, such as `env`."""
        folder = pathlib.Path(folder)
        self.hone, self.options, self.settings = hone, options, settings
        self.database, self.log_path = folder / "hone.db", folder / "server.log"
        self.process: subprocess.Popen | None = None
        self.token: str | None = None
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        atexit.register(self.kill)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> HoneServer:
        """Returns once it takes requests."""
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.hone, "serve", "--db", str(self.database), "--port", str(self.port), "--rate-limit", "0",
                 "--log-level", "error", *self.options],
                stdout=subprocess.PIPE, stderr=log, **self.settings)
        if b"http://" not in self.process.stdout.readline():
            self.process.wait()
            raise SystemExit(f"the server did not start (status {self.process.returncode}); see {self.log_path}")
        return self

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int | None:
        """Lets it end in its own time, 30 seconds at most; its exit status."""
        return self.end(signal.SIGTERM)

    def kill(self) -> None:
        """As a crash would: nothing is saved."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals) -> int | None:
        if self.process is None:
            return None
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return status

    def __enter__(self) -> HoneServer:
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def memory(self, field: str = "VmRSS") -> int:
        """Bytes of memory that it holds, or (VmHWM) at most held."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+)", status)[1]) * 1024

    def send(self, method: str, path: str, body=None):
        """One request on a connection of its own: the status, and the body as JSON where it is such."""
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        headers = {} if body is None else {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        is_json = answer.headers.get_content_type() in ("application/json", "application/problem+json")
        return answer.status, json.loads(text) if is_json else text.decode()

    def call(self, method: str, path: str, body=None, expected=(200, 201, 204)):
        """The body of the answer; the script ends where the status is another than expected."""
        status, answer = self.send(method, path, body)
        if status not in expected:
            raise SystemExit(f"{method} {path} was answered with {status}: {str(answer)[:500]}")
        return answer
