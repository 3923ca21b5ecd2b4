"""Parameters that are true or false."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from .parameter import Condition, Parameter


@dataclass(frozen=True)
class Boolean(Parameter):
    """True or false.

    Attributes:
        default: The value that you would choose without tuning; the study's first trial takes it.
        when: When it takes part: for each parent the values of which it must have one.
    """

    default: Optional[bool] = None
    when: Optional[Condition] = None

    type_name = "bool"

    def __post_init__(self) -> None:
        self.check_default_and_condition()

    def refusal(self, value: Any) -> Optional[str]:
        return None if isinstance(value, bool) else f"must be True or False, not {value!r}."

    def fields(self) -> dict[str, Any]:
        return {}
