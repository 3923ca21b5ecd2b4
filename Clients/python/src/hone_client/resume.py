"""The part of a member's training that a trial is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Resume:
    """From which state and over which steps a trial trains, in studies of the tuner ``population_based``.

    Attributes:
        member: The member of the population, counted from 0.
        generation: How many trials the member had before.
        step_from: The steps that the state has from which it goes on, in your own steps.
        step_to: The steps that the member is to have at the end.
        from_trial: The trial whose state is gone on from; None where the training begins from scratch.
        checkpoint: Where workers find that state; None where the training begins from scratch.
    """

    member: int
    generation: int
    step_from: int
    step_to: int
    from_trial: Optional[int] = None
    checkpoint: Optional[str] = None

    @staticmethod
    def read(document: Mapping[str, Any]) -> Resume:
        """The part of an answer."""
        return Resume(
            int(document["member"]),
            int(document["generation"]),
            int(document["step_from"]),
            int(document["step_to"]),
            document.get("from_trial"),
            document.get("checkpoint"),
        )
