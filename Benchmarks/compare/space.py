"""Search spaces in a neutral form that every optimiser's own form is made from."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Float:
    name: str
    low: float
    high: float
    log: bool = False
    when: Mapping[str, Sequence[Any]] | None = None


@dataclasses.dataclass(frozen=True)
class Int:
    name: str
    low: int
    high: int
    log: bool = False
    when: Mapping[str, Sequence[Any]] | None = None


@dataclasses.dataclass(frozen=True)
class Categorical:
    name: str
    choices: Sequence[str]
    when: Mapping[str, Sequence[Any]] | None = None


Parameter = Float | Int | Categorical


def is_active(parameter: Parameter, values: Mapping[str, Any]) -> bool:
    """Whether the parents' values call for this parameter; parents stand before their children."""
    if parameter.when is None:
        return True
    return all(parent in values and values[parent] in allowed for parent, allowed in parameter.when.items())


def active(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the active parameters alone, as plain Python numbers and strings."""
    result: dict[str, Any] = {}
    for parameter in parameters:
        if is_active(parameter, result):
            value = values[parameter.name]
            if isinstance(parameter, Float):
                value = min(max(float(value), parameter.low), parameter.high)
            elif isinstance(parameter, Int):
                value = int(value)
            else:
                value = str(value)
            result[parameter.name] = value
    return result


def sample(parameters: Sequence[Parameter], random) -> dict[str, Any]:
    """A uniform point; `random` is a numpy generator."""
    result: dict[str, Any] = {}
    for parameter in parameters:
        if not is_active(parameter, result):
            continue
        if isinstance(parameter, Categorical):
            result[parameter.name] = parameter.choices[int(random.integers(len(parameter.choices)))]
        elif isinstance(parameter, Float):
            if parameter.log:
                exponent = random.uniform(math.log(parameter.low), math.log(parameter.high))
                result[parameter.name] = min(max(math.exp(exponent), parameter.low), parameter.high)
            else:
                result[parameter.name] = random.uniform(parameter.low, parameter.high)
        elif parameter.log:
            exponent = random.uniform(math.log(parameter.low - 0.5), math.log(parameter.high + 0.5))
            result[parameter.name] = min(max(round(math.exp(exponent)), parameter.low), parameter.high)
        else:
            result[parameter.name] = int(random.integers(parameter.low, parameter.high + 1))
    return result
