"""Search spaces of Optuna in Hone's terms."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Optional, Union

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from ..errors import InvalidInputError
from ..names import is_name
from ..space import Boolean, Categorical, Float, Integer, Ordinal, Parameter, SearchSpace
from ..space.parameter import is_choice, same_choice

Declared = Union[BaseDistribution, Parameter]


def distribution_of(name: str, declared: Declared) -> BaseDistribution:
    """What Optuna calls a parameter that may be declared in Hone's terms.

    Raises:
        InvalidInputError: Optuna has nothing of the kind.
    """
    if isinstance(declared, BaseDistribution):
        return declared
    if isinstance(declared, Float) and declared.size is None:
        return FloatDistribution(declared.low, declared.high, log=declared.log, step=declared.step)
    if isinstance(declared, Integer):
        return IntDistribution(declared.low, declared.high, log=declared.log, step=declared.step)
    if isinstance(declared, Boolean):
        return CategoricalDistribution([True, False])
    if isinstance(declared, Categorical):
        return CategoricalDistribution(list(declared.choices))
    if isinstance(declared, Ordinal):
        return CategoricalDistribution(list(declared.values))
    raise InvalidInputError(f"search_space/{name}: Optuna has no parameter like {declared!r}.")


class TranslatedSpace:
    """A search space of Optuna with what it is in Hone, and the way between their values.

    Names that Hone does not take get others, and so do choices that JSON cannot hold or tell apart.

    Args:
        space: Parameters by Optuna's name, as Optuna's distributions or Hone's parameters, which may have conditions.
    """

    def __init__(self, space: Mapping[str, Declared]) -> None:
        self._names: dict[str, str] = {}
        self._labels: dict[str, list[str]] = {}
        self._choices: dict[str, list[Any]] = {}
        parameters: dict[str, Parameter] = {}
        taken = {name for name in space if is_name(name)}
        for index, (name, declared) in enumerate(space.items()):
            hone_name = name
            if not is_name(name):
                hone_name = f"p{index}_" + re.sub(r"[^A-Za-z0-9._-]", "_", name)[:100]
                while hone_name in taken:
                    hone_name = f"p{index}_{len(hone_name)}"
                taken.add(hone_name)
            self._names[name] = hone_name
            parameters[hone_name] = self._parameter(name, declared)
        self.space = SearchSpace(parameters)

    def _parameter(self, name: str, declared: Declared) -> Parameter:
        if isinstance(declared, Parameter):
            return declared
        if isinstance(declared, FloatDistribution):
            return Float(declared.low, declared.high, log=declared.log, step=declared.step)
        if isinstance(declared, IntDistribution):
            return Integer(declared.low, declared.high, log=declared.log, step=1 if declared.log else declared.step)
        if isinstance(declared, CategoricalDistribution):
            choices = list(declared.choices)
            self._choices[name] = choices
            if all(is_choice(choice) for choice in choices) and not _has_twins(choices):
                return Categorical(choices)
            self._labels[name] = [f"{index}: {choice!r}"[:100] for index, choice in enumerate(choices)]
            return Categorical(self._labels[name])
        raise InvalidInputError(f"search_space/{name}: {declared!r} is no distribution that Hone knows.")

    def to_optuna(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Hone's values in Optuna's terms; inactive parameters are left out."""
        translated = {}
        for name, hone_name in self._names.items():
            if hone_name not in values:
                continue
            value = values[hone_name]
            if name in self._labels:
                value = self._choices[name][self._labels[name].index(value)]
            translated[name] = value
        return translated

    def to_hone(self, values: Mapping[str, Any]) -> Optional[dict[str, Any]]:
        """Optuna's values in Hone's terms; None where they are no point of this space."""
        translated = {}
        for name, hone_name in self._names.items():
            if name not in values:
                continue
            value = values[name]
            if name in self._labels:
                places = [i for i, choice in enumerate(self._choices[name]) if _is_same(choice, value)]
                if not places:
                    return None
                value = self._labels[name][places[0]]
            translated[hone_name] = value
        active = self.space.active(translated)
        translated = {name: value for name, value in translated.items() if name in active}
        try:
            return self.space.write(translated)
        except InvalidInputError:
            return None

    def agrees(self, hone_values: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Whether Optuna's values are Hone's, as far as the objective suggested them at all."""
        return all(
            name not in values or _is_same(value, values[name]) for name, value in self.to_optuna(hone_values).items()
        )


def _has_twins(choices: list[Any]) -> bool:
    return any(same_choice(one, other) for i, one in enumerate(choices) for other in choices[:i])


def _is_same(one: Any, other: Any) -> bool:
    if type(one) in (int, float) and type(other) in (int, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=0.0) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)
