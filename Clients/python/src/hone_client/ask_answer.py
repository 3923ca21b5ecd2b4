"""What a worker receives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from .trial import Trial


@dataclass(frozen=True)
class AskAnswer:
    """The trials that a worker asked for; fewer, or none, where there is nothing to hand out.

    Attributes:
        trials: The trials, each with its lease.
        study_state: ``active``, ``paused`` or ``finished``.
        reason: Why there are fewer than asked for: ``paused``, ``finished``, ``budget_reserved``, ``parallel_limit``,
            ``space_exhausted``, ``awaiting_results`` or ``tuner_finished``.
        detail: The tuner's own words on that.
        retry_after: In how many seconds asking again may help; None where it will not.
    """

    trials: tuple[Trial, ...]
    study_state: str
    reason: Optional[str] = None
    detail: Optional[str] = None
    retry_after: Optional[float] = None

    def __iter__(self) -> Iterator[Trial]:
        return iter(self.trials)

    def __len__(self) -> int:
        return len(self.trials)

    def __getitem__(self, index: int) -> Trial:
        return self.trials[index]
