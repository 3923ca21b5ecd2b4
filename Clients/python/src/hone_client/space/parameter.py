"""What all parameters have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from ..errors import InvalidInputError
from ..extended_number import plain
from ..names import check_name

Choice = Union[str, int, float, bool]
Condition = Mapping[str, Sequence[Choice]]

LARGEST_INTEGER = 2**53


def same_choice(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON: Python holds True and 1 for equal, JSON does not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return bool(one == other)


def is_number(value: Any) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_choice(value: Any) -> bool:
    """Whether it can be a value of a categorical or ordinal parameter."""
    return isinstance(value, (str, bool)) or is_number(value)


class Parameter:
    """One dimension of a search space.

    The subclasses are dataclasses; they check themselves when they are made and raise
    :class:`~hone_client.InvalidInputError`.
    """

    type_name = ""
    when: Optional[Condition]

    def refusal(self, value: Any) -> Optional[str]:
        """Why a value is none of this parameter; None where it is one."""
        raise NotImplementedError

    def read(self, value: Any) -> Any:
        """A value of an answer in the parameter's own Python type."""
        return value

    def write(self, value: Any) -> Any:
        """A value as JSON can hold it, scalars of NumPy as Python's own."""
        return plain(value)

    def fields(self) -> dict[str, Any]:
        """The fields of the contract besides name, type, default and condition."""
        raise NotImplementedError

    def to_json(self, name: str) -> dict[str, Any]:
        """The parameter as the contract writes it."""
        document: dict[str, Any] = {"name": name, "type": self.type_name, **self.fields()}
        default = getattr(self, "default", None)
        if default is not None:
            document["default"] = self.write(default)
        if self.when is not None:
            document["when"] = {parent: [plain(v) for v in values] for parent, values in self.when.items()}
        return document

    def refuse(self, detail: str) -> InvalidInputError:
        """The exception for a declaration that the contract would not take."""
        return InvalidInputError(f"{type(self).__name__}: {detail}")

    def check_default_and_condition(self) -> None:
        """Checks what every parameter may have.

        Raises:
            InvalidInputError: The default is no value of the parameter, or the condition is none.
        """
        default = getattr(self, "default", None)
        if default is not None:
            reason = self.refusal(self.write(default))
            if reason is not None:
                raise self.refuse(f"default: {reason}")
        if self.when is None:
            return
        if not isinstance(self.when, Mapping) or not self.when:
            raise self.refuse("when: must name at least one parent with the values of which it must have one.")
        for parent, values in self.when.items():
            check_name(parent, f"{type(self).__name__}: when")
            if isinstance(values, (str, bytes)) or not isinstance(values, Sequence) or not values:
                raise self.refuse(f"when/{parent}: must be a list of at least one value, not {values!r}.")
            for value in values:
                if not is_choice(plain(value)):
                    raise self.refuse(f"when/{parent}: {value!r} is no string, finite number or truth value.")
