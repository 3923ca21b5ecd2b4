"""Numbers that JSON lacks, as the contract writes them."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any, Union

from .errors import InvalidInputError

_BY_NAME = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def plain(value: Any) -> Any:
    """A scalar of NumPy, PyTorch and the like as Python's own; anything else as it is."""
    # Subclasses such as numpy.float64 become Python's own, too; a bool is an int, so it comes first.
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", 0) == 0:
        return item()
    return value


def as_float(value: Any, what: str) -> float:
    """A number as a float.

    Args:
        value: A number, or a scalar of NumPy, PyTorch and the like.
        what: What it is, for the text of the error.

    Raises:
        InvalidInputError: It is no number.
    """
    value = plain(value)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf  # type: ignore[operator]
    raise InvalidInputError(f"{what}: must be a number, not {value!r}.")


def write_number(value: Any, what: str) -> Union[float, str]:
    """A number as the contract writes it: those that JSON lacks as strings."""
    number = as_float(value, what)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def read_number(value: Any) -> float:
    """A number of an answer."""
    if isinstance(value, str):
        return _BY_NAME[value]
    return float(value)


def write_metrics(metrics: Mapping[str, Any], where: str = "metrics") -> dict[str, Union[float, str]]:
    """Metrics as the contract writes them."""
    return {name: write_number(value, f"{where}/{name}") for name, value in metrics.items()}


def read_metrics(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Metrics of an answer."""
    return {name: read_number(value) for name, value in metrics.items()}
