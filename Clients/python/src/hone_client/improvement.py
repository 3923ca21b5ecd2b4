"""How the best value came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .timestamp import read_timestamp


@dataclass(frozen=True)
class Improvement:
    """A trial that was better than all that had ended before it.

    Attributes:
        number: The trial's number.
        value: Its objective, in the metric's units.
        completed: How many trials that count had ended by then, itself included.
        finished_at: When it ended.
    """

    number: int
    value: float
    completed: int
    finished_at: datetime

    @staticmethod
    def read(document: Mapping[str, Any]) -> Improvement:
        """An improvement of an answer."""
        return Improvement(
            int(document["number"]),
            float(document["value"]),
            int(document["completed"]),
            read_timestamp(document["finished_at"]),
        )
