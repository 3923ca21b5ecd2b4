"""Where a trial stands."""

from __future__ import annotations

from enum import Enum


class TrialState(str, Enum):
    """Where a trial stands; the values are those of the contract."""

    WAITING = "waiting"
    """Nobody works on it."""
    RUNNING = "running"
    """A worker holds it."""
    STOPPING = "stopping"
    """Its worker was told to stop."""
    COMPLETED = "completed"
    """It has a final measurement."""
    PRUNED = "pruned"
    """It was stopped early."""
    INFEASIBLE = "infeasible"
    """The objective has no value there."""
    FAILED = "failed"
    """It ended without a result."""

    @property
    def is_finished(self) -> bool:
        """Whether it is final."""
        return self not in (TrialState.WAITING, TrialState.RUNNING, TrialState.STOPPING)

    def __str__(self) -> str:
        return self.value
