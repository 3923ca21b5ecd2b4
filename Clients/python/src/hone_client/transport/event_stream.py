"""Server-sent events."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from ..errors import UnexpectedAnswerError
from .response import Response
from .transport import Transport

SILENCE = 45.0
"""Seconds without a byte after which a connection counts as dead; the server sends a comment every 15."""


@dataclass(frozen=True)
class ServerSentEvent:
    """One event: its id, its kind and its data."""

    id: str
    event: str
    data: str


def server_sent_events(transport: Transport, path: str, after: Optional[str]) -> Iterator[ServerSentEvent]:
    """The events of one connection, until the server closes it.

    Args:
        transport: Says where the server is, and with which token to ask.
        path: The path of the stream.
        after: The id of the last event that is known; None to begin with the next one.

    Raises:
        ProblemError: The server refuses the request.
        OSError, http.client.HTTPException: The connection failed.
    """
    connection = transport.address.connect(SILENCE)
    headers = transport.headers(Accept="text/event-stream")
    if after is not None:
        headers["Last-Event-ID"] = after
    try:
        connection.request("GET", transport.target(path, None), headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            fields = {key.lower(): value for key, value in answer.getheaders()}
            raise transport.problem(Response(answer.status, fields, answer.read()), f"GET {path}")
        if not answer.headers.get_content_type() == "text/event-stream":
            raise UnexpectedAnswerError(f"GET {path} was answered with {answer.headers.get_content_type()}.")
        yield from _events(answer)
    finally:
        connection.close()


def _events(answer: http.client.HTTPResponse) -> Iterator[ServerSentEvent]:
    fields: dict[str, str] = {}
    for raw in answer:
        line = raw.decode("utf-8").rstrip("\r\n")
        if not line:
            if "data" in fields:
                yield ServerSentEvent(fields.get("id", ""), fields.get("event", "message"), fields["data"])
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
