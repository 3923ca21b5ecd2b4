"""Which parameters matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class ParameterImportance:
    """What a parameter does to a metric.

    Attributes:
        name: The parameter's name.
        importance: The share of the metric's variance that is due to the parameter alone.
        standard_error: That of ``importance`` over the trees of the model.
        total: The share that would be lost without the parameter, with all interactions in which it takes part.
    """

    name: str
    importance: float
    standard_error: float
    total: float


@dataclass(frozen=True)
class InteractionImportance:
    """What two parameters do together beyond what each does alone.

    Attributes:
        parameters: Their names.
        importance: The share of the metric's variance.
        standard_error: That of ``importance`` over the trees of the model.
    """

    parameters: tuple[str, str]
    importance: float
    standard_error: float


@dataclass(frozen=True)
class ImportanceReport:
    """How much of a metric's variance over the search space is due to each parameter.

    Attributes:
        metric: The metric.
        best: Only differences among this best share of the values counted.
        trials: How many trials it rests on.
        explained: The share of the variance that the model predicts of trials that it has not seen; near 0 and below, the
            shares mean nothing. None where all values are the same.
        parameters: All parameters, those with the greatest total first.
        interactions: The most important pairs.
    """

    metric: str
    best: float
    trials: int
    explained: Optional[float]
    parameters: tuple[ParameterImportance, ...]
    interactions: tuple[InteractionImportance, ...]

    @staticmethod
    def read(document: Mapping[str, Any]) -> ImportanceReport:
        """A report of an answer."""
        explained = document.get("explained")
        return ImportanceReport(
            str(document["metric"]),
            float(document["best"]),
            int(document["trials"]),
            None if explained is None else float(explained),
            tuple(
                ParameterImportance(
                    str(one["name"]), float(one["importance"]), float(one["standard_error"]), float(one["total"])
                )
                for one in document["parameters"]
            ),
            tuple(
                InteractionImportance(
                    (str(one["parameters"][0]), str(one["parameters"][1])),
                    float(one["importance"]),
                    float(one["standard_error"]),
                )
                for one in document["interactions"]
            ),
        )
