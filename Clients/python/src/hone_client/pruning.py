"""Reporting from the loops of other programs."""

from __future__ import annotations

from .errors import HoneError
from .result import Values
from .trial import Trial
from .trial_pruned import TrialPruned


def report_or_prune(trial: Trial, values: Values, steps: int) -> None:
    """Reports a measurement, and ends the trial where that is the answer.

    Args:
        trial: The trial.
        values: The objective's value, or values by metric.
        steps: How far the loop is, counted from 1; where the trial goes on from a state, its steps come on top.

    Raises:
        TrialPruned: The trial is to end.
        HoneError: The trial is to go on from another one's state, which a callback cannot do.
    """
    step = trial.step_from + steps
    decision = trial.report(values, step)
    if decision.exploits:
        raise HoneError(
            "The study's tuner lets trials go on from each other's states while they run, which this callback cannot "
            "do: leave long_lived out of the tuner's options, so that each part of a training is a trial."
        )
    if trial.should_prune():
        raise TrialPruned(f"Stopped at step {step}.")
