"""Answers of a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from ..errors import UnexpectedAnswerError


@dataclass(frozen=True)
class Response:
    """An answer.

    Attributes:
        status: The HTTP status.
        headers: The header fields, with names in lower case.
        body: The body as it arrived.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> Optional[float]:
        """Seconds after which asking again may help, where the server says so."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isdigit() else None

    @property
    def revision(self) -> Optional[int]:
        """The revision that the ETag names, where there is one."""
        text = self.headers.get("etag", "").strip('"')
        return int(text) if text.isdigit() else None

    def json(self) -> Any:
        """The body.

        Raises:
            UnexpectedAnswerError: It is no JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            start = self.body[:200].decode("utf-8", "replace")
            raise UnexpectedAnswerError(
                f"The answer (HTTP {self.status}) is no JSON, so this is hardly a Hone server: {start!r}"
            ) from None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            UnexpectedAnswerError: It is none.
        """
        document = self.json()
        if not isinstance(document, dict):
            raise UnexpectedAnswerError(f"The answer (HTTP {self.status}) is no JSON object: {str(document)[:200]!r}")
        return document
