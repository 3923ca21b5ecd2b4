"""Reports each epoch of PyTorch Lightning."""

from __future__ import annotations

from typing import Any, Optional

try:
    from lightning.pytorch import Callback
except ImportError:
    from pytorch_lightning import Callback

from ..errors import InvalidInputError
from ..pruning import report_or_prune
from ..trial import Trial
from ..trial_pruned import TrialPruned


class PruningCallback(Callback):
    """Reports a metric after each validation, and ends the trial by :class:`TrialPruned` where Hone says so.

    With several processes the first one reports, and all of them end.

    Args:
        trial: The trial; None in processes that have none, which are not the first.
        monitor: The metric among those that the model logs, such as ``val_loss``.
        interval: Report every so many validations.
        count_batches: Whether steps are optimiser steps, not epochs: for more than one validation in an epoch.
    """

    def __init__(self, trial: Optional[Trial], monitor: str, interval: int = 1, count_batches: bool = False) -> None:
        super().__init__()
        self._trial = trial
        self._monitor = monitor
        self._interval = interval
        self._count_batches = count_batches
        self._validations = 0

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Called by Lightning."""
        if trainer.sanity_checking:
            return
        self._validations += 1
        if self._validations % self._interval != 0:
            return
        ended: Optional[str] = None
        if trainer.is_global_zero and self._trial is not None:
            metrics = trainer.callback_metrics
            if self._monitor not in metrics:
                known = ", ".join(map(str, metrics))
                raise InvalidInputError(f"monitor: there is no {self._monitor!r} among what is logged: {known}.")
            steps = trainer.global_step if self._count_batches else trainer.current_epoch + 1
            try:
                report_or_prune(self._trial, float(metrics[self._monitor]), int(steps))
            except TrialPruned as pruned:
                ended = str(pruned)
        if trainer.world_size > 1:
            ended = trainer.strategy.broadcast(ended, src=0)
        if ended is not None:
            raise TrialPruned(ended)
