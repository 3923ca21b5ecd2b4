"""Holds what an objective suggests against what its study declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .errors import SpaceMismatchError
from .extended_number import plain
from .space import Boolean, Categorical, Float, Integer, Ordinal, SearchSpace
from .space.choice_list import find_choice


class SuggestionCheck:
    """Answers an objective's suggestions from a trial's parameters, where they are what the study declares.

    Args:
        study: The study's name, for the text of errors.
        space: The study's space.
        number: The trial's number, for the text of errors.
    """

    def __init__(self, study: str, space: SearchSpace, number: int) -> None:
        self._study = study
        self._space = space
        self._number = number

    def real(
        self, values: Mapping[str, Any], name: str, low: float, high: float, step: Optional[float], log: bool
    ) -> float:
        """A real number.

        Raises:
            SpaceMismatchError: The study declares something else, or the parameter takes no part in this trial.
        """
        declared = self._space.get(name)
        same = (
            isinstance(declared, Float)
            and declared.size is None
            and (declared.low, declared.high, declared.log, declared.step)
            == (plain(low), plain(high), log, plain(step))
        )
        wanted = _range("a Float", low, high, step, log)
        self._check(values, name, same, wanted)
        return float(values[name])

    def whole(self, values: Mapping[str, Any], name: str, low: int, high: int, step: int, log: bool) -> int:
        """A whole number.

        Raises:
            SpaceMismatchError: The study declares something else, or the parameter takes no part in this trial.
        """
        declared = self._space.get(name)
        same = isinstance(declared, Integer) and (declared.low, declared.high, declared.log, declared.step) == (
            plain(low),
            plain(high),
            log,
            plain(step),
        )
        wanted = _range("an Integer", low, high, None if step == 1 else step, log)
        self._check(values, name, same, wanted)
        return int(values[name])

    def categorical(self, values: Mapping[str, Any], name: str, choices: Sequence[Any]) -> Any:
        """One of several values.

        Raises:
            SpaceMismatchError: The study declares something else, or the parameter takes no part in this trial.
        """
        declared = self._space.get(name)
        known: Sequence[Any] = ()
        if isinstance(declared, Categorical):
            known = declared.choices
        elif isinstance(declared, Ordinal):
            known = declared.values
        elif isinstance(declared, Boolean):
            known = (False, True)
        given = [plain(choice) for choice in choices]
        same = len(known) == len(given) > 0 and all(find_choice(choice, known) is not None for choice in given)
        self._check(values, name, same, f"a Categorical of {', '.join(map(repr, given))}")
        return values[name]

    def _check(self, values: Mapping[str, Any], name: str, same: bool, wanted: str) -> None:
        if name not in self._space:
            raise SpaceMismatchError(
                f'The objective suggests "{name}", which the study "{self._study}" does not declare; it has '
                f"{', '.join(self._space)}. The space of a study is fixed when it is created: declare it there."
            )
        if not same:
            raise SpaceMismatchError(
                f'The objective suggests "{name}" as {wanted}, but the study "{self._study}" declares '
                f"{self._space[name]!r}. Make the two agree; the space of a study is fixed when it is created."
            )
        if name not in values:
            raise SpaceMismatchError(
                f'"{name}" takes no part in trial {self._number}: it is declared with the condition '
                f"{dict(self._space[name].when or {})!r}. Suggest it only where that holds."
            )


def _range(what: str, low: float, high: float, step: Optional[float], log: bool) -> str:
    scale = " on a log scale" if log else ""
    steps = "" if step is None else f" in steps of {step!r}"
    return f"{what} from {low!r} to {high!r}{scale}{steps}"
