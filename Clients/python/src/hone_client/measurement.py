"""What was measured at a step of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .errors import InvalidInputError
from .extended_number import read_metrics, write_metrics
from .result import check_checkpoint, check_step, metrics_by_name, write_standard_errors
from .study_definition import StudyDefinition


@dataclass(frozen=True)
class Measurement:
    """An intermediate measurement.

    Attributes:
        step: The progress at which it was measured, in your own steps.
        metrics: The values by metric, in the metrics' units.
        standard_errors: Their standard errors, where they are known.
        checkpoint: Where workers find the state that the trial had then.
    """

    step: int
    metrics: Mapping[str, float]
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    checkpoint: Optional[str] = None

    @staticmethod
    def read(document: Mapping[str, Any]) -> Measurement:
        """A measurement of an answer."""
        return Measurement(
            int(document["step"]),
            read_metrics(document["metrics"]),
            read_metrics(document.get("standard_errors", {})),
            document.get("checkpoint"),
        )

    def to_json(self, definition: StudyDefinition) -> dict[str, Any]:
        """The measurement as the contract writes it.

        Args:
            definition: The study's definition, which names the metrics.

        Raises:
            InvalidInputError: A value is no number, or the step no whole number of at least 0.
        """
        if check_step(self.step) < 0:
            raise InvalidInputError(f"step: must be at least 0, not {self.step!r}.")
        document: dict[str, Any] = {
            "step": check_step(self.step),
            "metrics": write_metrics(metrics_by_name(self.metrics, definition)),
        }
        if self.standard_errors:
            document["standard_errors"] = write_standard_errors(self.standard_errors)
        if self.checkpoint is not None:
            document["checkpoint"] = check_checkpoint(self.checkpoint)
        return document
