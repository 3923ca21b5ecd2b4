"""Where a server is."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from typing import Optional
from urllib.parse import urlsplit

from ..errors import InvalidInputError


@dataclass(frozen=True)
class Address:
    """The address of a server.

    Attributes:
        host: Its name or number.
        port: Its port; None for the usual one.
        prefix: What comes before the paths of the contract, where a proxy puts it; without a slash at its end.
        tls: How to speak TLS; None for plain HTTP.
    """

    host: str
    port: Optional[int]
    prefix: str
    tls: Optional[ssl.SSLContext]

    @staticmethod
    def parse(url: str, tls: Optional[ssl.SSLContext] = None) -> Address:
        """The address that a URL names.

        Raises:
            InvalidInputError: It is no http or https URL with a host and nothing after its path.
        """
        refusal = InvalidInputError(
            f"url: must be of the form http://host:port or https://host, not {url!r}; the environment variable "
            "HONE_SERVER is taken where none is given."
        )
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise refusal from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise refusal
        if parts.username is not None:
            raise InvalidInputError("url: takes no user name; give the access token as token or in HONE_TOKEN.")
        if parts.scheme == "https":
            return Address(parts.hostname, port, parts.path.rstrip("/"), tls or ssl.create_default_context())
        return Address(parts.hostname, port, parts.path.rstrip("/"), None)

    def connect(self, timeout: float) -> http.client.HTTPConnection:
        """A connection, which opens itself when it is first used."""
        if self.tls is None:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.tls)
