"""A trial that this process evaluates."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Optional, Union

from .decision import Decision
from .errors import (
    ConflictError,
    LeaseLostError,
    LeaseRequiredError,
    NotFoundError,
    ProblemError,
    TrialStateError,
)
from .lease_keeper import LeaseKeeper
from .measurement import Measurement
from .result import Result, Values, metrics_by_name
from .resume import Resume
from .study_definition import StudyDefinition
from .suggestion_check import SuggestionCheck
from .transport import NO_RETRIES, Transport, path_of
from .trial_pruned import TrialInfeasible, is_pruned
from .trial_record import TrialRecord
from .trial_state import TrialState

HEARTBEAT_LEASE = 60.0
"""Seconds that a lease lasts when heartbeats renew it and nothing else is said."""


class Trial:
    """A trial that this process holds, with its lease.

    As a context manager it renews the lease while its block runs. A block that ends without a result gives the trial
    back. One that raises :class:`TrialPruned` prunes it, one that raises :class:`TrialInfeasible` makes it infeasible,
    and that is all. ``KeyboardInterrupt`` and ``SystemExit`` give it back, any other exception tells it as failed, and
    these go on from there.

    Attributes:
        number: The number in its study.
        parameters: The values of the parameters that are active there; new ones after a decision to exploit.
        record: The trial as it was stored when it was last answered.
        lease_token: The secret that proves the right to it.
        decision: The answer to the last report; None before the first.
        checkpoint_out: Set it to where you put the state that the trial ends with; it is told with the result.
    """

    def __init__(
        self,
        transport: Transport,
        definition: StudyDefinition,
        document: Mapping[str, Any],
        keeper: LeaseKeeper,
        lease_seconds: Optional[float],
    ) -> None:
        self._transport = transport
        self._definition = definition
        self._keeper = keeper
        self._lease_seconds = lease_seconds
        self._hold: Optional[int] = None
        self._hold_lock = threading.Lock()
        self._record_lock = threading.Lock()
        self.record = TrialRecord.read(document, definition)
        self.number = self.record.number
        self.parameters: dict[str, Any] = dict(self.record.parameters)
        self.lease_token = str(document["lease"]["token"])
        self.decision: Optional[Decision] = None
        self.checkpoint_out: Optional[str] = None
        self._lost: Optional[ProblemError] = None
        self._is_ending = False
        self._check = SuggestionCheck(definition.name, definition.space, self.number)

    def __repr__(self) -> str:
        return f"Trial(study={self._definition.name!r}, number={self.number}, parameters={self.parameters!r})"

    # What it is

    @property
    def params(self) -> dict[str, Any]:
        """The parameters, by the name that Optuna has for them."""
        return self.parameters

    @property
    def study_name(self) -> str:
        """The name of its study."""
        return self._definition.name

    @property
    def directions(self) -> tuple[str, ...]:
        """``minimize`` or ``maximize`` for each objective of its study."""
        return tuple(objective.goal for objective in self._definition.objectives)

    @property
    def resume(self) -> Optional[Resume]:
        """The part of a member's training that it is, in studies of the tuner ``population_based``."""
        return self.record.resume

    @property
    def checkpoint_in(self) -> Optional[str]:
        """Where the state is from which to go on: of the last decision to exploit, else of ``resume``."""
        if self.decision is not None and self.decision.exploits:
            return self.decision.checkpoint
        return None if self.resume is None else self.resume.checkpoint

    @property
    def step_from(self) -> int:
        """The steps that the state has from which to go on; 0 from scratch."""
        return 0 if self.resume is None else self.resume.step_from

    @property
    def step_to(self) -> Optional[int]:
        """The steps that the member is to have at the end; None where the trial is no part of a training."""
        return None if self.resume is None else self.resume.step_to

    @property
    def request(self) -> Optional[Mapping[str, Any]]:
        """What it asks of an oracle (JSON of the contract), in studies whose tuner follows gradients."""
        return self.record.request

    @property
    def is_finished(self) -> bool:
        """Whether it was told, or given back, by this object."""
        return self.record.state.is_finished or self.record.state is TrialState.WAITING

    @property
    def is_lost(self) -> bool:
        """Whether the trial is not this worker's any more: another one has it, or it has ended."""
        return self._lost is not None

    # Suggestions, for objectives that were written for Optuna

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """The value of a real parameter, which the study must declare just like this.

        Raises:
            SpaceMismatchError: It declares something else, or the parameter takes no part in this trial.
        """
        return self._check.real(self.parameters, name, low, high, step, log)

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """The value of a whole-numbered parameter, which the study must declare just like this.

        Raises:
            SpaceMismatchError: It declares something else, or the parameter takes no part in this trial.
        """
        return self._check.whole(self.parameters, name, low, high, step, log)

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """The value of a categorical, ordinal or boolean parameter, which the study must declare with these values.

        Raises:
            SpaceMismatchError: It declares something else, or the parameter takes no part in this trial.
        """
        return self._check.categorical(self.parameters, name, choices)

    # On the way

    def report(
        self,
        values: Values,
        step: int,
        *,
        standard_errors: Optional[Mapping[str, float]] = None,
        checkpoint: Optional[str] = None,
    ) -> Decision:
        """Reports an intermediate measurement and answers what is to become of the trial.

        Args:
            values: The objective's value, or values by metric, in the metrics' units; NaN and infinities rank worst.
            step: The progress at which they were measured, in your own steps: at least 0, more than at the last report.
            standard_errors: Standard errors of some of the metrics.
            checkpoint: Where you put the state that the trial has now.

        Returns:
            To go on, to stop, or to exploit; in the last case ``parameters`` and ``checkpoint_in`` are new.

        Raises:
            InvalidInputError: A value is no number, or the step no whole number.
            LeaseLostError: Somebody else holds the trial.
        """
        measurement = Measurement(step, metrics_by_name(values, self._definition), standard_errors or {}, checkpoint)
        body = {**measurement.to_json(self._definition), "lease_token": self.lease_token}
        try:
            answer = self._transport.write("POST", self._path("report"), body)
        except (LeaseLostError, LeaseRequiredError, TrialStateError) as error:
            self._lose(error)
            raise
        self.decision = Decision.read(answer.object()["decision"], self._definition.space)
        if self.decision.exploits and self.decision.parameters is not None:
            self.parameters = dict(self.decision.parameters)
        return self.decision

    def should_prune(self) -> bool:
        """Whether the trial is to end now.

        The study's stopping rule decides on each report. It is also True once the trial is not this worker's any more,
        so that no more time is spent on it.
        """
        stopped = self.decision is not None and self.decision.stops
        return stopped or self.record.state is TrialState.STOPPING or self._lost is not None

    def heartbeat(self, lease_seconds: Optional[float] = None) -> None:
        """Renews the lease.

        Args:
            lease_seconds: How long the worker may stay silent from now on; the lease's own length where left out.

        Raises:
            LeaseLostError: Somebody else holds the trial.
            TrialStateError: It has ended.
        """
        body: dict[str, Any] = {"lease_token": self.lease_token}
        if lease_seconds is not None:
            body["lease_seconds"] = lease_seconds
        try:
            answer = self._transport.request("POST", self._path("heartbeat"), body=body)
        except (LeaseLostError, LeaseRequiredError, TrialStateError) as error:
            self._lose(error)
            raise
        self._take(answer.object())

    # The end

    def tell(
        self,
        values: Optional[Values] = None,
        *,
        state: Union[TrialState, str, None] = None,
        reason: Optional[str] = None,
        standard_errors: Optional[Mapping[str, float]] = None,
        step: Optional[int] = None,
        checkpoint: Optional[str] = None,
        oracle: Optional[Mapping[str, Any]] = None,
    ) -> TrialRecord:
        """Tells the final result; see :class:`Result` for the arguments.

        Returns:
            The trial as it is stored now. One that was told to stop is pruned, whatever is told.

        Raises:
            InvalidInputError: The result is none that the study can take.
            TrialStateError: The trial has another result.
            LeaseLostError: Somebody else holds it.
        """
        return self.tell_result(Result(values, state, reason, standard_errors, step, checkpoint, oracle))

    def tell_result(self, result: Result) -> TrialRecord:
        """Tells the final result."""
        completes = result.state is None or result.state == TrialState.COMPLETED
        if result.checkpoint is None and self.checkpoint_out is not None and completes:
            result = Result(
                result.values,
                result.state,
                result.reason,
                result.standard_errors,
                result.step,
                self.checkpoint_out,
                result.oracle,
            )
        body = result.to_json(self._definition, self.lease_token)
        return self._end("tell", body)

    def fail(self, reason: str) -> TrialRecord:
        """Tells that the evaluation failed, which teaches the tuner nothing."""
        return self.tell(state=TrialState.FAILED, reason=reason)

    def infeasible(self, reason: str) -> TrialRecord:
        """Tells that the objective has no value at this point, which teaches the tuner."""
        return self.tell(state=TrialState.INFEASIBLE, reason=reason)

    def prune(self, reason: Optional[str] = None) -> TrialRecord:
        """Ends the trial early; the metrics of its last report count."""
        return self.tell(state=TrialState.PRUNED, reason=reason)

    def requeue(self, reason: Optional[str] = None) -> TrialRecord:
        """Gives the trial back, to be handed out again; that is none of its retries."""
        body: dict[str, Any] = {"lease_token": self.lease_token}
        if reason is not None:
            body["reason"] = reason
        return self._end("requeue", body)

    # Keeping the lease

    def keep(self) -> None:
        """Begins to renew the lease in the background, until the trial is told or given back."""
        with self._hold_lock:
            if self._hold is None:
                if self._lease_seconds is None:
                    # The study's lease may be a day; from now on silence is noticed within a minute.
                    self._lease_seconds = HEARTBEAT_LEASE
                    self.heartbeat(HEARTBEAT_LEASE)
                self._hold = self._keeper.hold(self, self._lease_seconds)

    def let_go(self) -> None:
        """Ends the renewal of the lease."""
        with self._hold_lock:
            if self._hold is not None:
                self._keeper.release(self._hold)
                self._hold = None

    def renew(self, timeout: float) -> bool:
        """Renews the lease once; False where the trial is lost.

        Args:
            timeout: Seconds that it may take.
        """
        body = {"lease_token": self.lease_token, "lease_seconds": self._lease_seconds or HEARTBEAT_LEASE}
        try:
            answer = self._transport.request(
                "POST", self._path("heartbeat"), body=body, timeout=timeout, retries=NO_RETRIES
            )
        except (ConflictError, NotFoundError) as error:
            # A sign of life that crosses the result on its way finds the trial ended, which is as it should be.
            if not self._is_ending:
                self._lose(error)
            return False
        self._take(answer.object())
        return True

    def __enter__(self) -> Trial:
        self.keep()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> bool:
        try:
            if self.is_finished:
                return error is not None and is_pruned(error)
            if error is None:
                self.requeue("The worker ended without a result.")
                return False
            return self.end_by(error)
        finally:
            self.let_go()

    def end_by(self, error: BaseException) -> bool:
        """Ends the trial as an exception of its evaluation says.

        Returns:
            Whether that is all that the exception means: it is one of :class:`TrialPruned` and
            :class:`TrialInfeasible`.
        """
        if is_pruned(error):
            self.prune(str(error) or None)
            return True
        if isinstance(error, TrialInfeasible):
            self.infeasible(str(error) or "The objective has no value here.")
            return True
        if isinstance(error, Exception):
            self.fail(f"{type(error).__name__}: {error}")
        else:
            self.requeue("preempted")
        return False

    def _end(self, action: str, body: Mapping[str, Any]) -> TrialRecord:
        self._is_ending = True
        try:
            answer = self._transport.write("POST", self._path(action), body)
        except (LeaseLostError, LeaseRequiredError, TrialStateError) as error:
            self._lose(error)
            raise
        except ProblemError:
            self._is_ending = False
            raise
        self._take(answer.object())
        self.let_go()
        return self.record

    def _path(self, action: str) -> str:
        return path_of("studies", self._definition.name, "trials", self.number, action)

    def _take(self, document: Mapping[str, Any]) -> None:
        record = TrialRecord.read(document, self._definition)
        with self._record_lock:
            # Answers may arrive in another order than that of the changes.
            if record.revision >= self.record.revision:
                self.record = record

    def _lose(self, error: ProblemError) -> None:
        self._lost = error
        self.let_go()
