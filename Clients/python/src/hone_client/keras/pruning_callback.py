"""Reports each epoch of Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import keras

from ..errors import InvalidInputError
from ..pruning import report_or_prune
from ..trial import Trial


class PruningCallback(keras.callbacks.Callback):
    """Reports a metric after each epoch, and ends the trial by :class:`TrialPruned` where Hone says so.

    Args:
        trial: The trial.
        monitor: The metric among Keras' logs, such as ``val_loss``.
        interval: Report every so many epochs.
    """

    def __init__(self, trial: Trial, monitor: str, interval: int = 1) -> None:
        super().__init__()
        self._trial = trial
        self._monitor = monitor
        self._interval = interval

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Called by Keras."""
        if (epoch + 1) % self._interval != 0:
            return
        logs = logs or {}
        if self._monitor not in logs:
            raise InvalidInputError(f"monitor: there is no {self._monitor!r}; there are {', '.join(logs)}.")
        report_or_prune(self._trial, float(logs[self._monitor]), epoch + 1)
