"""What an objective raises to end its trial."""

from __future__ import annotations

import sys


class TrialPruned(Exception):
    """Ends a trial early: it is told as pruned, with its last report."""


class TrialInfeasible(Exception):
    """Ends a trial whose objective has no value at its point, which teaches the tuner; its text is the reason told."""


def is_pruned(error: BaseException) -> bool:
    """Whether an exception ends a trial early: ours, or Optuna's from code that was written for it."""
    if isinstance(error, TrialPruned):
        return True
    optuna = sys.modules.get("optuna")
    pruned = getattr(getattr(optuna, "exceptions", None), "TrialPruned", None)
    return isinstance(pruned, type) and isinstance(error, pruned)
