"""What happened in a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from .timestamp import read_timestamp


@dataclass(frozen=True)
class StudyEvent:
    """One entry of a study's log.

    Attributes:
        sequence: Its place in the log: 1, 2, 3, … without gaps.
        at: When it happened.
        kind: What happened, such as ``started``, ``reported`` or ``completed``; newer servers may have others.
        trial: The trial to which it happened; None for the study itself.
        details: What there is to say of it (JSON of the contract).
    """

    sequence: int
    at: datetime
    kind: str
    trial: Optional[int]
    details: Mapping[str, Any]

    @staticmethod
    def read(document: Mapping[str, Any]) -> StudyEvent:
        """An entry of an answer."""
        return StudyEvent(
            int(document["sequence"]),
            read_timestamp(document["at"]),
            document["kind"],
            document.get("trial"),
            document.get("details", {}),
        )
