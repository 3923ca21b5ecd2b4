"""Reports the iterations of a loop of one's own."""

from __future__ import annotations

from ..errors import InvalidInputError
from ..pruning import report_or_prune
from ..trial import Trial


class Reporter:
    """A callback for loops: call it with each iteration's value.

    It ends the trial by :class:`TrialPruned` where Hone says so.

    Args:
        trial: The trial.
    """

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._iterations = 0

    def __call__(self, value: float) -> None:
        """Reports the value of the next iteration, in the objective's units."""
        self._iterations += 1
        report_or_prune(self._trial, value, self._iterations)


def check_maximises(trial: Trial) -> None:
    """Refuses studies that minimise a score.

    Raises:
        InvalidInputError: The study minimises.
    """
    if trial.directions != ("maximize",):
        raise InvalidInputError(
            f'The study "{trial.study_name}" must maximise one objective, as scikit-learn\'s scores grow with quality; '
            "for an error take a negated score, such as neg_mean_squared_error."
        )
