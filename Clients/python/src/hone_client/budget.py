"""How much a study may spend."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Optional

from .errors import InvalidInputError


@dataclass(frozen=True)
class Budget:
    """How much a study may spend, and how it treats workers that vanish.

    Attributes:
        max_trials: The number of trials that may be handed out, whatever becomes of them.
        max_parallel: The number of trials that may be under way at once.
        trial_timeout_seconds: How long a trial may take; also the lease of a worker that asks for no other.
        max_retries: How often a trial whose lease expired is handed out again before it counts as failed; 2 where left
            out.
    """

    max_trials: Optional[int] = None
    max_parallel: Optional[int] = None
    trial_timeout_seconds: Optional[float] = None
    max_retries: Optional[int] = None

    def __post_init__(self) -> None:
        limits = {
            "max_trials": (1, 1_000_000_000),
            "max_parallel": (1, 1_000_000),
            "max_retries": (0, 1_000),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if value is not None and not (type(value) is int and low <= value <= high):
                raise InvalidInputError(f"budget/{name}: must be a whole number from {low} to {high:,}, not {value!r}.")
        timeout = self.trial_timeout_seconds
        if timeout is not None and not 0 < timeout <= 31_536_000:
            raise InvalidInputError(
                f"budget/trial_timeout_seconds: must be above 0 and at most a year, not {timeout!r}."
            )

    def to_json(self) -> dict[str, Any]:
        """The budget as the contract writes it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}
