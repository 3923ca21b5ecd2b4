"""What a tuner's model believes of the objective."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """What the model believes at one point, in units of the metric.

    Attributes:
        mean: The expected value of the objective without noise.
        standard_deviation: How far from it the value may be.
    """

    mean: float
    standard_deviation: float


@dataclass(frozen=True)
class Predictions:
    """What the model believes at several points, in their order.

    Attributes:
        predictions: One for each point.
        history: The place in the log of the last event that the model knows.
        observations: The number of observations that it is conditioned on.
    """

    predictions: tuple[Prediction, ...]
    history: int
    observations: int

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self.predictions)

    def __len__(self) -> int:
        return len(self.predictions)

    def __getitem__(self, index: int) -> Prediction:
        return self.predictions[index]
