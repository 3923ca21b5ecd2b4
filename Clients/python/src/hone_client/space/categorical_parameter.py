"""Parameters with a list of values without an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..extended_number import plain
from .choice_list import choice_list, find_choice
from .parameter import Choice, Condition, Parameter


@dataclass(frozen=True)
class Categorical(Parameter):
    """One of several values without an order.

    Attributes:
        choices: The values, each once: strings, numbers or truth values.
        default: The value that you would choose without tuning; the study's first trial takes it.
        when: When it takes part: for each parent the values of which it must have one.
    """

    choices: Sequence[Choice]
    default: Optional[Choice] = None
    when: Optional[Condition] = None

    type_name = "categorical"

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "choices", choice_list(self.choices))
        except ValueError as error:
            raise self.refuse(f"choices: {error}") from None
        self.check_default_and_condition()

    def refusal(self, value: Any) -> Optional[str]:
        if find_choice(value, self.choices) is None:
            return f"must be one of {', '.join(map(repr, self.choices))}, not {value!r}."
        return None

    def read(self, value: Any) -> Any:
        choice = find_choice(value, self.choices)
        return value if choice is None else choice

    def fields(self) -> dict[str, Any]:
        return {"choices": [plain(value) for value in self.choices]}
