"""Parameters with an ordered list of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..extended_number import plain
from .choice_list import choice_list, find_choice
from .parameter import Choice, Condition, Parameter


@dataclass(frozen=True)
class Ordinal(Parameter):
    """One of several values that have an order.

    Attributes:
        values: The values in their order, each once: strings, numbers or truth values.
        default: The value that you would choose without tuning; the study's first trial takes it.
        when: When it takes part: for each parent the values of which it must have one.
    """

    values: Sequence[Choice]
    default: Optional[Choice] = None
    when: Optional[Condition] = None

    type_name = "ordinal"

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "values", choice_list(self.values))
        except ValueError as error:
            raise self.refuse(f"values: {error}") from None
        self.check_default_and_condition()

    def refusal(self, value: Any) -> Optional[str]:
        if find_choice(value, self.values) is None:
            return f"must be one of {', '.join(map(repr, self.values))}, not {value!r}."
        return None

    def read(self, value: Any) -> Any:
        choice = find_choice(value, self.values)
        return value if choice is None else choice

    def fields(self) -> dict[str, Any]:
        return {"values": [plain(value) for value in self.values]}
