"""A study as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from .study_definition import StudyDefinition
from .timestamp import read_timestamp


@dataclass(frozen=True)
class StudyRecord:
    """A study's definition, and where it stands.

    Attributes:
        name: Its name.
        definition: What its user asked for; None where this version of the server does not accept it (``error``).
        state: ``active``, ``paused`` or ``finished``.
        tuner_in_use: The tuner's name, and the seed of all randomness.
        trial_counts: The number of trials in each state.
        created_at: When it was created.
        revision: Counts every change of the study itself.
        error: What of the definition is not accepted, or None.
    """

    name: str
    definition: Optional[StudyDefinition]
    state: str
    tuner_in_use: Mapping[str, Any]
    trial_counts: Mapping[str, int]
    created_at: datetime
    revision: int
    error: Optional[str] = None

    @staticmethod
    def read(document: Mapping[str, Any]) -> StudyRecord:
        """The study of an answer."""
        error = document.get("error")
        return StudyRecord(
            name=document["name"],
            definition=StudyDefinition.read(document) if error is None else None,
            state=document["state"],
            tuner_in_use=document.get("tuner_in_use", {}),
            trial_counts=document["trial_counts"],
            created_at=read_timestamp(document["created_at"]),
            revision=int(document["revision"]),
            error=error,
        )
