"""A result with the trial that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Union

from .result import Result
from .trial import Trial


@dataclass(frozen=True)
class ToldTrial:
    """One of several results that are told at once.

    Attributes:
        trial: The trial, or its number.
        result: How it ended.
        lease_token: The token of its lease; the trial's own where left out.
    """

    trial: Union[Trial, int]
    result: Result
    lease_token: Optional[str] = None

    @property
    def number(self) -> int:
        """The trial's number."""
        return self.trial.number if isinstance(self.trial, Trial) else int(self.trial)

    @property
    def token(self) -> Optional[str]:
        """The token of the lease, where there is one."""
        if self.lease_token is None and isinstance(self.trial, Trial):
            return self.trial.lease_token
        return self.lease_token
