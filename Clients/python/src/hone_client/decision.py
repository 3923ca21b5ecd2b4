"""What is to become of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .space import SearchSpace


@dataclass(frozen=True)
class Decision:
    """What the server answers to a report.

    Attributes:
        action: ``continue``; ``stop``, to end the trial and tell it as pruned; or ``exploit``, to go on from another
            trial's state with other parameters.
        from_trial: With ``exploit``, the trial whose state it is.
        checkpoint: With ``exploit``, where workers find that state.
        parameters: With ``exploit``, the values from now on.
    """

    action: str
    from_trial: Optional[int] = None
    checkpoint: Optional[str] = None
    parameters: Optional[Mapping[str, Any]] = None

    @property
    def stops(self) -> bool:
        """Whether the trial is to end."""
        return self.action == "stop"

    @property
    def exploits(self) -> bool:
        """Whether the trial is to go on from another trial's state."""
        return self.action == "exploit"

    @staticmethod
    def read(document: Mapping[str, Any], space: SearchSpace) -> Decision:
        """The decision of an answer."""
        parameters = document.get("parameters")
        return Decision(
            str(document["action"]),
            document.get("from_trial"),
            document.get("checkpoint"),
            None if parameters is None else space.read(parameters),
        )
