"""Whole-numbered parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from ..extended_number import plain
from .parameter import LARGEST_INTEGER, Condition, Parameter, is_number


@dataclass(frozen=True)
class Integer(Parameter):
    """A whole number, of at most 2^53 in size.

    Attributes:
        low: The smallest value; on a log scale at least 1.
        high: The largest value.
        log: Whether equal ratios rather than equal differences are equally far apart.
        step: The distance between values, counted from ``low``; 1 on a log scale.
        default: The value that you would choose without tuning; the study's first trial takes it.
        when: When it takes part: for each parent the values of which it must have one.
    """

    low: int
    high: int
    log: bool = False
    step: int = 1
    default: Optional[int] = None
    when: Optional[Condition] = None

    type_name = "int"

    def __post_init__(self) -> None:
        for name in ("low", "high", "step"):
            value = plain(getattr(self, name))
            object.__setattr__(self, name, value)
            if type(value) is not int or abs(value) > LARGEST_INTEGER:
                raise self.refuse(f"{name}: must be a whole number of at most 2^53 in size, not {value!r}.")
        if self.low > self.high:
            raise self.refuse(f"low: is {self.low}, above high, which is {self.high}.")
        if self.step < 1:
            raise self.refuse(f"step: must be at least 1, not {self.step}.")
        if self.log and self.low < 1:
            raise self.refuse(f"low: a log scale needs low >= 1, not {self.low}.")
        if self.log and self.step != 1:
            raise self.refuse("step: a log scale takes no step other than 1.")
        self.check_default_and_condition()

    def refusal(self, value: Any) -> Optional[str]:
        if not is_number(value) or value != int(value) or not self.low <= value <= self.high:
            return f"must be a whole number from {self.low} to {self.high}, not {value!r}."
        if (int(value) - self.low) % self.step != 0:
            return f"must be a whole number from {self.low} to {self.high} in steps of {self.step}, not {value!r}."
        return None

    def read(self, value: Any) -> int:
        return int(value)

    def write(self, value: Any) -> Any:
        value = plain(value)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.log:
            fields["log"] = True
        if self.step != 1:
            fields["step"] = self.step
        return fields
