"""Reports each boosting round of XGBoost."""

from __future__ import annotations

from typing import Any

import xgboost

from ..errors import InvalidInputError
from ..pruning import report_or_prune
from ..trial import Trial


class PruningCallback(xgboost.callback.TrainingCallback):
    """Reports a metric after each boosting round; ends the trial by ``TrialPruned`` where Hone says so.

    Works with ``xgboost.train``, ``xgboost.cv`` (the mean over the folds is reported) and the estimators.

    Args:
        trial: The trial.
        metric: The data's name and the metric's, such as ``validation-rmse``.
        interval: Report every so many rounds.
    """

    def __init__(self, trial: Trial, metric: str, interval: int = 1) -> None:
        super().__init__()
        if "-" not in metric:
            raise InvalidInputError(f"metric: must name data and metric, such as 'validation-rmse', not {metric!r}.")
        self._trial = trial
        self._data, _, self._metric = metric.partition("-")
        self._interval = interval

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Called by XGBoost."""
        if (epoch + 1) % self._interval != 0:
            return False
        try:
            latest = evals_log[self._data][self._metric][-1]
        except KeyError:
            known = [f"{data}-{metric}" for data, metrics in evals_log.items() for metric in metrics]
            raise InvalidInputError(
                f"metric: there is no {self._data}-{self._metric}; there are {', '.join(known)}."
            ) from None
        # With cross-validation it is a mean with its deviation.
        report_or_prune(self._trial, latest[0] if isinstance(latest, (tuple, list)) else latest, epoch + 1)
        return False
