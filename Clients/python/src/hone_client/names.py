"""Names of studies, parameters and metrics."""

from __future__ import annotations

import re

from .errors import InvalidInputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def is_name(text: object) -> bool:
    """Whether the contract takes this as a name."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def check_name(text: object, what: str) -> str:
    """A name as it is.

    Raises:
        InvalidInputError: The contract does not take it as a name.
    """
    if isinstance(text, str) and is_name(text):
        return text
    raise InvalidInputError(
        f"{what}: must be a name of 1 to 128 letters, digits, dots, underscores and hyphens that begins with a letter "
        f"or a digit, not {text!r}."
    )
