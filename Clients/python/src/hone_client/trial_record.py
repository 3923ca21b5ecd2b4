"""A trial as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional

from .extended_number import read_metrics
from .measurement import Measurement
from .resume import Resume
from .study_definition import StudyDefinition
from .timestamp import read_optional_timestamp, read_timestamp
from .trial_state import TrialState


@dataclass(frozen=True)
class TrialRecord:
    """One evaluation of a study's objectives, as it stands.

    Attributes:
        number: The number in its study: 1, 2, 3, … without gaps.
        state: Where it stands.
        parameters: The values of the parameters that are active there.
        metrics: The final values by metric, in the metrics' units; empty where there are none.
        standard_errors: Their standard errors, where they are known.
        reason: Why it stands there, such as ``lease_expired``, ``not_finite``, ``stopped``, or a worker's own words.
        step: The progress at which the metrics were measured, in your own steps.
        checkpoint: Where workers find the state that it has ended with.
        resume: The part of a member's training that it is.
        request: What it asks of an oracle (JSON of the contract).
        oracle: What the oracle found (JSON of the contract).
        interval: Where the objective lies by the oracle's answer (JSON of the contract).
        origin: How the parameters came about (JSON of the contract): ``tuner``, ``acquisition``, ``history``, ….
        worker: The name of the worker that holds it, or held it last.
        attempt: How often it has been handed out.
        lost_leases: How often a lease on it has expired.
        revision: Counts every change that is stored.
        created_at: When it was first handed out, or enqueued.
        started_at: When it was last handed out.
        finished_at: When it came to its end.
        excluded_at: When it was taken out of what the study goes by.
        lease_expires_at: When the lease ends unless it is renewed, while somebody holds it.
        measurements: The intermediate measurements in the order of their steps, where they were asked for.
        objectives: The metrics that the study optimises, in its order.
    """

    number: int
    state: TrialState
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    standard_errors: Mapping[str, float]
    reason: Optional[str]
    step: Optional[int]
    checkpoint: Optional[str]
    resume: Optional[Resume]
    request: Optional[Mapping[str, Any]]
    oracle: Optional[Mapping[str, Any]]
    interval: Optional[Mapping[str, Any]]
    origin: Mapping[str, Any]
    worker: Optional[str]
    attempt: int
    lost_leases: int
    revision: int
    created_at: datetime
    started_at: datetime
    finished_at: Optional[datetime]
    excluded_at: Optional[datetime]
    lease_expires_at: Optional[datetime]
    measurements: tuple[Measurement, ...]
    objectives: tuple[str, ...]

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters, by the name that Optuna has for them."""
        return self.parameters

    @property
    def value(self) -> Optional[float]:
        """The final value of the only objective; None where there is none yet.

        Raises:
            ValueError: The study has several objectives.
        """
        if len(self.objectives) != 1:
            raise ValueError(f"The study has several objectives ({', '.join(self.objectives)}): see values.")
        return self.metrics.get(self.objectives[0])

    @property
    def values(self) -> Optional[tuple[float, ...]]:
        """The final values of the objectives in the study's order; None where not all are there."""
        if all(name in self.metrics for name in self.objectives):
            return tuple(self.metrics[name] for name in self.objectives)
        return None

    @property
    def duration(self) -> Optional[timedelta]:
        """From when it was last handed out to its end."""
        return None if self.finished_at is None else self.finished_at - self.started_at

    @staticmethod
    def read(document: Mapping[str, Any], definition: StudyDefinition) -> TrialRecord:
        """The trial of an answer."""
        lease = document.get("lease", {})
        resume = document.get("resume")
        return TrialRecord(
            number=int(document["number"]),
            state=TrialState(document["state"]),
            parameters=definition.space.read(document["parameters"]),
            metrics=read_metrics(document.get("metrics", {})),
            standard_errors=read_metrics(document.get("standard_errors", {})),
            reason=document.get("reason"),
            step=document.get("step"),
            checkpoint=document.get("checkpoint"),
            resume=None if resume is None else Resume.read(resume),
            request=document.get("request"),
            oracle=document.get("oracle"),
            interval=document.get("interval"),
            origin=document["origin"],
            worker=document.get("worker"),
            attempt=int(document["attempt"]),
            lost_leases=int(document["lost_leases"]),
            revision=int(document["revision"]),
            created_at=read_timestamp(document["created_at"]),
            started_at=read_timestamp(document["started_at"]),
            finished_at=read_optional_timestamp(document.get("finished_at")),
            excluded_at=read_optional_timestamp(document.get("excluded_at")),
            lease_expires_at=read_optional_timestamp(lease.get("expires_at")),
            measurements=tuple(Measurement.read(m) for m in document.get("measurements", ())),
            objectives=definition.objective_names,
        )
