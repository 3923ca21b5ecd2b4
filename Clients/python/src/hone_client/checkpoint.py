"""States that trials left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Checkpoint:
    """A state that a trial left.

    Attributes:
        name: Where workers find it.
        trial: The trial that left it.
        step: The steps that it has.
        state: ``pinned``: something may go on from it, or it is the best; ``collectable``: it may be deleted;
            ``deleted``: somebody said that it was.
    """

    name: str
    trial: int
    step: Optional[int]
    state: str

    @staticmethod
    def read(document: Mapping[str, Any]) -> Checkpoint:
        """A checkpoint of an answer."""
        return Checkpoint(document["checkpoint"], int(document["trial"]), document.get("step"), document["state"])
