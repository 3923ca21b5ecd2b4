"""What tests share: a real server on a free port with a database of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Optional

import pytest

from hone_client import Client, RetryPolicy

BINARY = os.environ.get("HONE_BINARY", "")


class HoneServer:
    """A `hone serve` of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hone-client-test-"))
        self.database = self.folder / "hone.db"
        self.process: Optional[subprocess.Popen[bytes]] = None
        self.url = ""

    def start(self, port: int = 0) -> None:
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--db", str(self.database), "--port", str(port), "--durability", "relaxed"],
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout is not None
        words = self.process.stdout.readline().decode().split()
        assert words, f"the server did not start: {(self.folder / 'server.log').read_text()[-2000:]}"
        self.url = words[-1]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def command(self, *arguments: str) -> str:
        environment = dict(os.environ, HONE_SERVER=self.url)
        done = subprocess.run(
            [BINARY, *arguments], env=environment, check=True, timeout=60, stdout=subprocess.PIPE, text=True
        )
        return done.stdout


def _need_binary() -> None:
    if not BINARY:
        pytest.skip("HONE_BINARY names no server: set it to the path of a built `hone`")
    if not os.access(BINARY, os.X_OK):
        pytest.fail(f"HONE_BINARY names {BINARY}, which is no program")


@contextlib.contextmanager
def _running_server() -> Iterator[HoneServer]:
    _need_binary()
    server = HoneServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[HoneServer]:
    """A server that all tests share; each makes studies of its own."""
    with _running_server() as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[HoneServer]:
    """A server for one test alone, which may stop it."""
    with _running_server() as server:
        yield server


@pytest.fixture
def client(server: HoneServer) -> Iterator[Client]:
    with Client(server.url, token="", retries=RetryPolicy(attempts=3, first_wait=0.05)) as client:
        yield client


@pytest.fixture
def name() -> str:
    """A name that no other study has."""
    return f"study-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def collected() -> list[object]:
    """A list for what callbacks see."""
    return []
