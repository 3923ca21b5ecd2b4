"""Real parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional, Union

from ..extended_number import plain
from .parameter import Condition, Parameter, is_number


@dataclass(frozen=True)
class Float(Parameter):
    """A real number, or with ``size`` a vector of them.

    Attributes:
        low: The smallest value; on a log scale above 0.
        high: The largest value.
        log: Whether equal ratios rather than equal differences are equally far apart.
        step: The distance between values, counted from ``low``; not on a log scale.
        size: The number of components of a vector, 1 to 100,000; None for a number.
        default: The value that you would choose without tuning; the study's first trial takes it.
        when: When it takes part: for each parent the values of which it must have one.
    """

    low: float
    high: float
    log: bool = False
    step: Optional[float] = None
    size: Optional[int] = None
    default: Optional[Union[float, Sequence[float]]] = None
    when: Optional[Condition] = None

    type_name = "float"

    def __post_init__(self) -> None:
        for name in ("low", "high", "step", "size"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        for name in ("low", "high"):
            if not is_number(getattr(self, name)):
                raise self.refuse(f"{name}: must be a finite number, not {getattr(self, name)!r}.")
        if self.low > self.high:
            raise self.refuse(f"low: is {self.low!r}, above high, which is {self.high!r}.")
        if self.log and self.low <= 0:
            raise self.refuse(f"low: a log scale needs low > 0, not {self.low!r}.")
        if self.step is not None:
            if not is_number(self.step) or self.step <= 0:
                raise self.refuse(f"step: must be a number above 0, not {self.step!r}.")
            if self.log:
                raise self.refuse("step: a log scale takes no step.")
        if self.size is not None and not (type(self.size) is int and 1 <= self.size <= 100_000):
            raise self.refuse(f"size: must be a whole number from 1 to 100,000, not {self.size!r}.")
        self.check_default_and_condition()

    def refusal(self, value: Any) -> Optional[str]:
        if self.size is None:
            return self._component_refusal(value)
        if not isinstance(value, (list, tuple)) or len(value) != self.size:
            return f"must be a list of {self.size} numbers, not {value!r}."
        for index, component in enumerate(value):
            reason = self._component_refusal(component)
            if reason is not None:
                return f"component {index}: {reason}"
        return None

    def _component_refusal(self, value: Any) -> Optional[str]:
        if not is_number(value) or not self.low <= value <= self.high:
            return f"must be a number from {self.low!r} to {self.high!r}, not {value!r}."
        if self.step is not None:
            steps = (value - self.low) / self.step
            if abs(steps - round(steps)) > 1e-6:
                return f"must be a number from {self.low!r} to {self.high!r} in steps of {self.step!r}, not {value!r}."
        return None

    def read(self, value: Any) -> Any:
        return float(value) if self.size is None else [float(component) for component in value]

    def write(self, value: Any) -> Any:
        if self.size is None:
            return plain(value)
        to_list = getattr(value, "tolist", None)
        if callable(to_list):
            return to_list()
        return [plain(c) for c in value] if isinstance(value, (list, tuple)) else value

    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.log:
            fields["log"] = True
        if self.step is not None:
            fields["step"] = self.step
        if self.size is not None:
            fields["size"] = self.size
        return fields
