"""Signs of life for trials under way."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
from typing import Optional, Protocol

_LOG = logging.getLogger("hone_client")


class Lease(Protocol):
    """A lease that can be renewed."""

    def renew(self, timeout: float) -> bool:
        """Renews it; False where it is lost for good.

        Args:
            timeout: Seconds that it may take.

        Raises:
            Exception: It did not work this time.
        """


class LeaseKeeper:
    """Renews leases from a thread of its own until they are let go of.

    A lease is renewed three times in its length, and more often after a failure, so that a server that is away for a
    moment costs no trial.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        # Also in a forked process: the thread did not come along, a lock may be held by a thread that is not there, and
        # what is held belongs to the other process.
        self._pid = os.getpid()
        self._condition = threading.Condition()
        self._held: dict[int, tuple[Lease, float]] = {}
        self._due: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._thread: Optional[threading.Thread] = None

    def hold(self, lease: Lease, length: float) -> int:
        """Begins to renew a lease.

        Args:
            lease: The lease, which was renewed just now.
            length: Its length in seconds.

        Returns:
            A number by which to let go of it.
        """
        if self._pid != os.getpid():
            self._begin()
        with self._condition:
            number = next(self._numbers)
            self._held[number] = (lease, length)
            heapq.heappush(self._due, (time.monotonic() + length / 3, number))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hone-leases", daemon=True)
                self._thread.start()
            self._condition.notify()
        return number

    def release(self, number: int) -> None:
        """Lets go of a lease."""
        if self._pid != os.getpid():
            self._begin()
        with self._condition:
            self._held.pop(number, None)
            self._condition.notify()

    def close(self) -> None:
        """Lets go of all leases."""
        if self._pid != os.getpid():
            self._begin()
        with self._condition:
            self._held.clear()
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                while self._held:
                    wait = self._due[0][0] - time.monotonic() if self._due else None
                    if wait is not None and wait <= 0:
                        break
                    self._condition.wait(wait)
                if not self._held:
                    self._due.clear()
                    self._thread = None
                    return
                _, number = heapq.heappop(self._due)
                if number not in self._held:
                    continue
                lease, length = self._held[number]
            wait = length / 3
            try:
                if not lease.renew(timeout=max(1.0, length / 4)):
                    self.release(number)
                    continue
            except Exception as error:
                _LOG.warning("A lease could not be renewed, which is tried again: %s", error)
                wait = length / 12
            with self._condition:
                if number in self._held:
                    heapq.heappush(self._due, (time.monotonic() + wait, number))
