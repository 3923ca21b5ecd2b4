"""What a study optimises."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import InvalidInputError
from .names import check_name


@dataclass(frozen=True)
class Objective:
    """A metric to optimise.

    Attributes:
        metric: Its name.
        goal: ``minimize`` or ``maximize``.
    """

    metric: str
    goal: str

    def __post_init__(self) -> None:
        check_name(self.metric, "objectives/metric")
        if self.goal not in ("minimize", "maximize"):
            raise InvalidInputError(
                f"objectives/{self.metric}: the goal must be 'minimize' or 'maximize', not {self.goal!r}."
            )
