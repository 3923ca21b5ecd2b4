"""Bounds on metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from .errors import InvalidInputError
from .extended_number import as_float
from .names import check_name


@dataclass(frozen=True)
class OutcomeConstraint:
    """A metric that has to stay within a bound for a trial to count as good; the bound itself is allowed.

    Attributes:
        metric: Its name.
        at_most: The upper bound in the metric's units; this or ``at_least``.
        at_least: The lower bound in the metric's units.
    """

    metric: str
    at_most: Optional[float] = None
    at_least: Optional[float] = None

    def __post_init__(self) -> None:
        check_name(self.metric, "outcome_constraints/metric")
        if (self.at_most is None) == (self.at_least is None):
            raise InvalidInputError(
                f"outcome_constraints/{self.metric}: takes one of at_most and at_least; for both make two constraints."
            )

    def to_json(self) -> dict[str, Any]:
        """The constraint as the contract writes it."""
        name, bound = ("at_most", self.at_most) if self.at_least is None else ("at_least", self.at_least)
        return {"metric": self.metric, name: as_float(bound, f"outcome_constraints/{self.metric}/{name}")}
