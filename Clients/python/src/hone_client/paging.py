"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from .errors import InvalidInputError
from .transport import Transport


def pages(
    transport: Transport, path: str, field: str, page_size: int, query: Optional[Mapping[str, Any]] = None
) -> Iterator[dict[str, Any]]:
    """The elements of a list, read page by page.

    Args:
        transport: Where to read.
        path: The list's path.
        field: The field of each page that holds its elements.
        page_size: How many elements are read at once, 1 to 1,000.
        query: Which elements are wanted.
    """
    if not 1 <= page_size <= 1000:
        raise InvalidInputError(f"page_size: must be from 1 to 1,000, not {page_size}.")
    token: Optional[str] = None
    while True:
        page = transport.get(path, {**(query or {}), "page_size": page_size, "page_token": token}).object()
        yield from page[field]
        token = page.get("next_page_token")
        if token is None:
            return
