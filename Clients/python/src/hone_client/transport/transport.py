"""Requests to a server, repeated where that is safe."""

from __future__ import annotations

import http.client
import json
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any, Optional
from urllib.parse import quote, urlencode

from ..errors import ConnectionFailedError, InvalidInputError, problem_error
from ..version import __version__
from .address import Address
from .connections import Connections
from .response import Response
from .retry_policy import RetryPolicy

_LOG = logging.getLogger("hone_client")

LARGEST_BODY = 1 << 20
"""Bytes that the body of a request may have by the contract."""

_WAIT_AND_REPEAT = frozenset({408, 429, 502, 503, 504})


def path_of(*parts: object) -> str:
    """A path below /v1 of these parts."""
    return "/v1/" + "/".join(quote(str(part), safe="") for part in parts)


class Transport:
    """Sends requests and reads answers. Threads may share one.

    Every write carries an ``Idempotency-Key``, so that one that is sent again happens once. Requests are sent again
    when the connection fails or the server answers 408, 429, 502, 503 or 504, as the policy says.

    Args:
        address: Where the server is.
        token: The access token, or None.
        timeout: Seconds that connecting, sending and each wait for an answer may last.
        retries: When a request is sent again.
    """

    def __init__(self, address: Address, token: Optional[str], timeout: float, retries: RetryPolicy) -> None:
        self.address = address
        self.timeout = timeout
        self._retries = retries
        self._connections = Connections(address)
        self._is_known = False
        self._headers = {"User-Agent": f"hone-client/{__version__}", "Accept": "application/json"}
        if token is not None:
            if not token.isascii() or not token.isprintable() or " " in token:
                raise InvalidInputError("token: must be an access token of the form hone_<id>_<secret>.")
            self._headers["Authorization"] = f"Bearer {token}"

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError(
            "A client, its studies and its trials hold connections and leases, so they cannot be pickled: make a "
            "Client in each process, and pass parameters and numbers of trials."
        )

    def get(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Response:
        """Reads."""
        return self.request("GET", path, query=query)

    def write(
        self, method: str, path: str, body: Any = None, revision: Optional[int] = None, key: Optional[str] = None
    ) -> Response:
        """Writes once, however often it has to be sent.

        Args:
            method: POST, PATCH or DELETE.
            path: The path.
            body: The body, which JSON can hold; None for none.
            revision: The revision that what is changed must still have; None for whatever it has.
            key: The name of this write, new for every write; None for a random one.
        """
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        return self.request(method, path, body=body, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
        retries: Optional[RetryPolicy] = None,
    ) -> Response:
        """Sends a request until it is answered, and answers with what is no problem.

        Raises:
            ProblemError: The server refuses the request.
            ConnectionFailedError: There was no answer.
            InvalidInputError: The body is larger than the contract allows.
        """
        target = self.target(path, query)
        fields = dict(self._headers, **(headers or {}))
        data = None
        if body is not None:
            data = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
            fields["Content-Type"] = "application/json"
            if len(data) > LARGEST_BODY:
                raise InvalidInputError(
                    f"{method} {path}: the body has {len(data):,} bytes, more than {LARGEST_BODY:,}; send less at once."
                )
        elif method == "POST":
            data = b""
        policy = retries or self._retries
        if policy.attempts == 1 and method != "GET":
            # What is to be sent once must not meet a connection that the server has just closed.
            self._connections.drop()
        began = time.monotonic()
        failures = 0
        while True:
            response, failure = None, None
            try:
                response = self._once(method, target, data, fields, timeout or self.timeout)
            except (OSError, http.client.HTTPException) as error:
                failure = error
            if response is not None:
                self._is_known = True
                if response.status not in _WAIT_AND_REPEAT:
                    break
            failures += 1
            asked = response.retry_after if response is not None else None
            wait = policy.wait(failures, time.monotonic() - began, asked, self._is_known)
            why = f"HTTP {response.status}" if response is not None else f"{type(failure).__name__}: {failure}"
            if wait is None:
                if response is not None:
                    break
                where = self.address
                raise ConnectionFailedError(
                    f"No answer from {where.host}{'' if where.port is None else f':{where.port}'} to {method} {path} "
                    f"after {failures} {'attempt' if failures == 1 else 'attempts'} ({why}). Is the server up, and the "
                    "address right? It is given as url or in HONE_SERVER."
                ) from failure
            _LOG.info("%s %s: %s; again in %.2f s", method, path, why, wait)
            time.sleep(wait)
        if response.status >= 400:
            raise self.problem(response, f"{method} {path}")
        return response

    def target(self, path: str, query: Optional[Mapping[str, Any]]) -> str:
        """The request target: path and query, behind the address's prefix."""
        given = {key: value for key, value in (query or {}).items() if value is not None}
        return self.address.prefix + path + ("?" + urlencode(given) if given else "")

    def headers(self, **others: str) -> dict[str, str]:
        """The header fields that every request has."""
        return dict(self._headers, **others)

    def problem(self, response: Response, request: str) -> Exception:
        """The exception for an answer of 400 or more."""
        if "json" in response.headers.get("content-type", ""):
            return problem_error(response.status, response.object(), request)
        text = response.body[:200].decode("utf-8", "replace").strip()
        return problem_error(response.status, {"detail": text or f"HTTP {response.status}"}, request)

    def close(self) -> None:
        """Closes all connections."""
        self._connections.close()

    def _once(
        self, method: str, target: str, data: Optional[bytes], headers: Mapping[str, str], timeout: float
    ) -> Response:
        connection, used = self._connections.take(timeout)
        try:
            return self._exchange(connection, method, target, data, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connections.drop()
            if not used:
                raise
        except BaseException:
            self._connections.drop()
            raise
        # The server closes connections that were idle; that is no failure, and a new one is made at once. What it
        # may have done with the request is the same as at any other repetition.
        connection, _ = self._connections.take(timeout)
        try:
            return self._exchange(connection, method, target, data, headers)
        except BaseException:
            self._connections.drop()
            raise

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        data: Optional[bytes],
        headers: Mapping[str, str],
    ) -> Response:
        connection.request(method, target, body=data, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        if answer.will_close:
            self._connections.drop()
        return Response(answer.status, {key.lower(): value for key, value in answer.getheaders()}, body)
