"""The list of values of an ordinal or categorical parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

from ..extended_number import plain
from .parameter import Choice, is_choice, same_choice


def choice_list(values: Sequence[Choice]) -> tuple[Choice, ...]:
    """The values as Python's own.

    Raises:
        ValueError: There are none or too many, one stands there twice, or one is of another type; says which.
    """
    if isinstance(values, (str, bytes)):
        raise ValueError(f"must be a list of values, not {values!r}.")
    plains = tuple(plain(value) for value in values)
    if not 1 <= len(plains) <= 10_000:
        raise ValueError(f"must have 1 to 10,000 values, not {len(plains)}.")
    seen = set()
    for value in plains:
        if not is_choice(value):
            raise ValueError(
                f"{value!r} is no string, finite number or truth value; give it a name and look it up in the objective."
            )
        key = (type(value) is bool, isinstance(value, str), value)
        if key in seen:
            raise ValueError(f"{value!r} stands here twice.")
        seen.add(key)
    return plains


def find_choice(value: Any, choices: Sequence[Choice]) -> Optional[Choice]:
    """The one of the choices that the value is in JSON, in the type in which it was declared; None if there is none."""
    for choice in choices:
        if same_choice(choice, value):
            return choice
    return None
