"""Search spaces of other programs in Hone's terms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional, Union

from ..errors import InvalidInputError
from ..names import is_name
from .categorical_parameter import Categorical
from .parameter import Parameter, is_choice, same_choice
from .search_space import SearchSpace


@dataclass(frozen=True)
class AnyChoices:
    """One of several values of any kind, also such as JSON cannot hold or tell apart."""

    choices: Sequence[Any]


def valid_names(names: Iterable[str]) -> dict[str, str]:
    """Names that Hone takes, by the names of another program: the same ones where it takes them."""
    listed = list(names)
    taken = {name for name in listed if is_name(name)}
    valid = {}
    for index, name in enumerate(listed):
        candidate = name
        if not is_name(name):
            candidate = f"p{index}_" + re.sub(r"[^A-Za-z0-9._-]", "_", name)[:100]
            while candidate in taken:
                candidate += "_"
            taken.add(candidate)
        valid[name] = candidate
    return valid


class ForeignSpace:
    """A search space of another program with what it is in Hone, and the way between their values.

    Names that Hone does not take get others, and choices that JSON cannot hold or tell apart get labels.

    Args:
        space: Parameters by the other program's names.
    """

    def __init__(self, space: Mapping[str, Union[Parameter, AnyChoices]]) -> None:
        self._names = valid_names(space)
        self._labels: dict[str, list[str]] = {}
        self._choices: dict[str, list[Any]] = {}
        parameters: dict[str, Parameter] = {}
        for name, declared in space.items():
            parameters[self._names[name]] = (
                declared if isinstance(declared, Parameter) else self._categorical(name, declared)
            )
        self.space = SearchSpace(parameters)

    def _categorical(self, name: str, declared: AnyChoices) -> Parameter:
        choices = list(declared.choices)
        if all(is_choice(choice) for choice in choices) and not _has_twins(choices):
            return Categorical(choices)
        self._choices[name] = choices
        self._labels[name] = [f"{index}: {choice!r}"[:100] for index, choice in enumerate(choices)]
        return Categorical(self._labels[name])

    def to_foreign(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Hone's values in the other program's terms; inactive parameters are left out."""
        translated = {}
        for name, hone_name in self._names.items():
            if hone_name in values:
                value = values[hone_name]
                labels = self._labels.get(name)
                translated[name] = value if labels is None else self._choices[name][labels.index(value)]
        return translated

    def to_hone(self, values: Mapping[str, Any]) -> Optional[dict[str, Any]]:
        """The other program's values in Hone's terms; None where they are no point of this space."""
        translated = self._translate(values)
        if translated is None:
            return None
        active = self.space.active(translated)
        try:
            return self.space.write({name: value for name, value in translated.items() if name in active})
        except InvalidInputError:
            return None

    def part_to_hone(self, values: Mapping[str, Any]) -> Optional[dict[str, Any]]:
        """Some of the other program's values in Hone's terms; None where no point of this space has them."""
        translated = self._translate(values)
        if translated is None:
            return None
        try:
            return self.space.write_part(translated, "values")
        except InvalidInputError:
            return None

    def _translate(self, values: Mapping[str, Any]) -> Optional[dict[str, Any]]:
        translated = {}
        for name, hone_name in self._names.items():
            if name not in values:
                continue
            value = values[name]
            if name in self._labels:
                places = [i for i, choice in enumerate(self._choices[name]) if is_same(choice, value)]
                if not places:
                    return None
                value = self._labels[name][places[0]]
            translated[hone_name] = value
        return translated

    def agrees(self, hone_values: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Whether the other program's values are Hone's, as far as there are any."""
        proposed = self.to_foreign(hone_values)
        return all(name not in values or is_same(value, values[name]) for name, value in proposed.items())


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers up to rounding."""
    if type(one) in (int, float) and type(other) in (int, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=0.0) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)


def _has_twins(choices: list[Any]) -> bool:
    return any(same_choice(one, other) for i, one in enumerate(choices) for other in choices[:i])
