"""When a request is sent again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class RetryPolicy:
    """How often and after how long a request is sent again, when the server did not answer or asked to wait.

    Attributes:
        attempts: How often a request is sent at the most.
        first_wait: Seconds before the second attempt; each further wait is twice as long.
        longest_wait: Seconds that a single wait lasts at the most, unless the server asks for more.
        total: Seconds from the first attempt on after which none is begun any more.
        first_contact: The same for a server that has never answered: its address may be wrong.
    """

    attempts: int = 40
    first_wait: float = 0.2
    longest_wait: float = 10.0
    total: float = 300.0
    first_contact: float = 5.0

    def wait(
        self, failures: int, elapsed: float, retry_after: Optional[float] = None, is_known: bool = True
    ) -> Optional[float]:
        """Seconds to wait before the next attempt, with jitter; None where there is to be none.

        Args:
            failures: How many attempts have failed, at least 1.
            elapsed: Seconds since the first attempt began.
            retry_after: Seconds that the server asks to wait, if it does; they are kept.
            is_known: Whether the server has ever answered.
        """
        if failures >= self.attempts:
            return None
        wait = min(self.longest_wait, self.first_wait * 2.0 ** (failures - 1)) * random.uniform(0.5, 1.0)
        if retry_after is not None:
            # A little more than asked for, so that not all clients come back at the same moment.
            wait = max(wait, retry_after + self.first_wait * random.random())
        return None if elapsed + wait > (self.total if is_known else self.first_contact) else wait


NO_RETRIES = RetryPolicy(attempts=1)
