"""Moments, as the contract writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Optional


def read_timestamp(text: str) -> datetime:
    """A moment in UTC, with its time zone."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def read_optional_timestamp(text: Optional[str]) -> Optional[datetime]:
    """A moment in UTC, where there is one."""
    return None if text is None else read_timestamp(text)
