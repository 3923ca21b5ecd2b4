"""What was measured at a step of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .extended_number import read_metrics


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
