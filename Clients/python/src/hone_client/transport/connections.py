"""Connections that are kept."""

from __future__ import annotations

import http.client
import os
import threading
import weakref

from .address import Address


class Connections:
    """One connection for each thread, kept open between requests.

    A process that was forked gets connections of its own: two processes must not speak through one socket.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._local = threading.local()
        self._all: weakref.WeakSet[http.client.HTTPConnection] = weakref.WeakSet()
        self._lock = threading.Lock()

    def take(self, timeout: float) -> tuple[http.client.HTTPConnection, bool]:
        """This thread's connection, and whether it was used before.

        Args:
            timeout: Seconds that connecting, sending and each wait for bytes may last.
        """
        kept = getattr(self._local, "kept", None)
        if kept is not None and kept[0] == os.getpid() and kept[1].sock is not None:
            connection: http.client.HTTPConnection = kept[1]
            connection.timeout = timeout
            connection.sock.settimeout(timeout)
            return connection, True
        connection = self._address.connect(timeout)
        with self._lock:
            self._all.add(connection)
        self._local.kept = (os.getpid(), connection)
        return connection, False

    def drop(self) -> None:
        """Closes this thread's connection."""
        kept = getattr(self._local, "kept", None)
        if kept is not None:
            kept[1].close()
            self._local.kept = None

    def close(self) -> None:
        """Closes the connections of all threads; one that is used afterwards opens itself again."""
        with self._lock:
            connections = list(self._all)
        for connection in connections:
            connection.close()
