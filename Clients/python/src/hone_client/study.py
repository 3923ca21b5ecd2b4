"""Studies on a server."""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import (
    Any,
    Optional,
    Union,
)

from .ask_answer import AskAnswer
from .budget import Budget
from .checkpoint import Checkpoint
from .errors import (
    HoneError,
    InvalidInputError,
    NoTrialAvailableError,
    RateLimitedError,
    StudyNotFoundError,
    UnavailableError,
)
from .importance import ImportanceReport
from .improvement import Improvement
from .lease_keeper import LeaseKeeper
from .measurement import Measurement
from .optimisation import Callback, Objective, Optimisation
from .paging import pages
from .prediction import Prediction, Predictions
from .result import Result, Values
from .space import SearchSpace
from .study_definition import StudyDefinition
from .study_event import StudyEvent
from .study_record import StudyRecord
from .told_trial import ToldTrial
from .transport import NO_RETRIES, Transport, path_of
from .transport.event_stream import server_sent_events
from .trial import HEARTBEAT_LEASE, Trial
from .trial_record import TrialRecord
from .trial_state import TrialState

_LOG = logging.getLogger("hone_client")

States = Union[TrialState, str, Iterable[Union[TrialState, str]]]

#: A point with its result, and with its intermediate measurements.
ForeignResult = Union[tuple[Mapping[str, Any], Result], tuple[Mapping[str, Any], Result, Sequence[Measurement]]]


class Study:
    """A study on a server. Threads may share one; made by :class:`Client`."""

    def __init__(self, transport: Transport, keeper: LeaseKeeper, document: Mapping[str, Any]) -> None:
        self._transport = transport
        self._keeper = keeper
        self._record = StudyRecord.read(document)
        if self._record.definition is None:
            raise InvalidInputError(f'The study "{self._record.name}" cannot be used: {self._record.error}')
        self._definition: StudyDefinition = self._record.definition
        self._optimisations: list[Optimisation] = []

    def __repr__(self) -> str:
        return f"Study({self.name!r})"

    # What it is

    @property
    def name(self) -> str:
        """Its name."""
        return self._definition.name

    @property
    def definition(self) -> StudyDefinition:
        """What was asked to be tuned; budget and labels as they were when the study was read."""
        return self._definition

    @property
    def space(self) -> SearchSpace:
        """Its parameters."""
        return self._definition.space

    @property
    def directions(self) -> tuple[str, ...]:
        """``minimize`` or ``maximize`` for each objective."""
        return tuple(objective.goal for objective in self._definition.objectives)

    @property
    def direction(self) -> str:
        """``minimize`` or ``maximize``.

        Raises:
            ValueError: The study has several objectives.
        """
        if len(self.directions) != 1:
            raise ValueError(f'The study "{self.name}" has several objectives: see directions.')
        return self.directions[0]

    def read(self) -> StudyRecord:
        """The study as it is kept now, with the number of trials in each state."""
        self._record = StudyRecord.read(self._transport.get(self._path()).object())
        return self._record

    # Ask

    def ask(
        self,
        *,
        worker: Optional[str] = None,
        lease_seconds: Optional[float] = None,
        fixed: Optional[Mapping[str, Any]] = None,
        wait: float = 0.0,
    ) -> Trial:
        """Asks for one trial. ``with study.ask() as trial:`` renews its lease meanwhile.

        Args:
            worker: A name of this worker, under which it gets back its own unfinished trial; one for each trial that is
                evaluated at the same time. Without one the trial is new or was given back.
            lease_seconds: How long the worker may stay silent; the study's trial time-out, else a day, where left out.
            fixed: Values that the trial shall have, by parameter; the tuner chooses the others. A conditional parameter
                is fixed together with those that it depends on.
            wait: Seconds to wait for a trial where there is none yet.

        Raises:
            NoTrialAvailableError: There is nothing to hand out; says why, and whether asking again may help.
        """
        deadline = time.monotonic() + wait
        while True:
            answer = self.ask_many(1, worker=worker, lease_seconds=lease_seconds, fixed=fixed)
            if answer.trials:
                return answer.trials[0]
            pause = answer.retry_after
            if pause is None or time.monotonic() + pause > deadline:
                raise NoTrialAvailableError(answer.reason or "none", answer.detail, pause)
            time.sleep(pause)

    def ask_many(
        self,
        count: int,
        *,
        worker: Optional[str] = None,
        lease_seconds: Optional[float] = None,
        fixed: Optional[Mapping[str, Any]] = None,
    ) -> AskAnswer:
        """Asks for several trials at once; the tuner knows that they are evaluated together.

        Args:
            count: How many are wanted, 1 to 100.
            worker: As for :meth:`ask`; its own unfinished trials come first and count.
            lease_seconds: As for :meth:`ask`.
            fixed: As for :meth:`ask`.
        """
        if type(count) is not int or not 1 <= count <= 100:
            raise InvalidInputError(f"count: must be a whole number from 1 to 100, not {count!r}.")
        body: dict[str, Any] = {"count": count}
        if worker is not None:
            if not 1 <= len(worker.encode()) <= 256 or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in worker):
                raise InvalidInputError(f"worker: must have 1 to 256 bytes and no control characters: {worker!r}")
            body["worker"] = worker
        if lease_seconds is not None:
            if not 0 < lease_seconds <= 31_536_000:
                raise InvalidInputError(f"lease_seconds: must be above 0 and at most a year, not {lease_seconds!r}.")
            body["lease_seconds"] = lease_seconds
        if fixed:
            body["fixed"] = self.space.write_part(fixed, "fixed")
        response = self._transport.write("POST", self._path("ask"), body)
        answer = response.object()
        return AskAnswer(
            tuple(Trial(self._transport, self._definition, t, self._keeper, lease_seconds) for t in answer["trials"]),
            answer["study_state"],
            answer.get("reason"),
            answer.get("detail"),
            response.retry_after,
        )

    # Tell

    def tell(
        self,
        trial: Union[Trial, int],
        values: Union[Values, Result, None] = None,
        state: Union[TrialState, str, None] = None,
        *,
        reason: Optional[str] = None,
        standard_errors: Optional[Mapping[str, float]] = None,
        step: Optional[int] = None,
        checkpoint: Optional[str] = None,
        oracle: Optional[Mapping[str, Any]] = None,
        lease_token: Optional[str] = None,
    ) -> TrialRecord:
        """Tells a trial's final result; see :class:`Result` for the arguments.

        Args:
            trial: The trial, or its number.
            values: Its values, or all of its result.
            state: How it ended.
            lease_token: The token of the lease, where only the number is at hand.

        Returns:
            The trial as it is stored now.
        """
        if isinstance(values, Result):
            result = values
        else:
            result = Result(values, state, reason, standard_errors, step, checkpoint, oracle)
        if isinstance(trial, Trial) and lease_token is None:
            return trial.tell_result(result)
        told = ToldTrial(trial, result, lease_token)
        body = result.to_json(self._definition, told.token)
        return self._trial(self._transport.write("POST", self._path("trials", told.number, "tell"), body).object())

    def tell_many(self, results: Sequence[ToldTrial]) -> list[TrialRecord]:
        """Tells several final results at once: all are taken, or none.

        Args:
            results: 1 to 1,000 results, each of another trial.

        Returns:
            The trials as they are stored now, in the order of the results.
        """
        if not 1 <= len(results) <= 1000:
            raise InvalidInputError(f"results: must be 1 to 1,000, not {len(results)}.")
        body = {
            "results": [
                {"number": told.number, **told.result.to_json(self._definition, told.token)} for told in results
            ]
        }
        trials = self._transport.write("POST", self._path("tell"), body).object()["trials"]
        for told in results:
            if isinstance(told.trial, Trial):
                told.trial.let_go()
        return [self._trial(trial) for trial in trials]

    # Optimise

    def optimize(
        self,
        objective: Objective,
        n_trials: Optional[int] = None,
        timeout: Optional[float] = None,
        n_jobs: int = 1,
        catch: Union[type[Exception], Iterable[type[Exception]]] = (),
        callbacks: Optional[Iterable[Callback]] = None,
        *,
        lease_seconds: float = HEARTBEAT_LEASE,
        worker: Optional[str] = None,
    ) -> None:
        """Evaluates trials until the study's budget, ``n_trials`` or ``timeout`` is reached.

        Leases are renewed meanwhile. Ctrl-C gives the trials under way back.

        Args:
            objective: Takes a :class:`Trial` and answers its value, those of several objectives, values by metric, or a
                :class:`Result`. NaN and None make the trial failed; :class:`TrialPruned` prunes it and
                :class:`TrialInfeasible` makes it infeasible.
            n_trials: How many trials this call evaluates at the most; None for as many as the study hands out.
            timeout: Seconds after which this call begins no further trial.
            n_jobs: How many trials this process evaluates at once, each in a thread; -1 for one for each processor.
            catch: Exceptions of the objective after which the next trial is begun; after others this call ends with
                the exception. Either way the trial is told as failed.
            callbacks: Called with the study and the trial's record after each trial.
            lease_seconds: How long the server waits for a sign of life before it hands a trial to another worker.
            worker: A name under which a worker that begins anew gets its unfinished trials back; each thread adds its
                number. Where left out the name is new.
        """
        kinds = (catch,) if isinstance(catch, type) else tuple(catch)
        optimisation = Optimisation(
            self,
            objective,
            n_trials=n_trials,
            timeout=timeout,
            n_jobs=n_jobs,
            catch=kinds,
            callbacks=tuple(callbacks or ()),
            lease_seconds=lease_seconds,
            worker=worker,
        )
        self._optimisations.append(optimisation)
        try:
            optimisation.run()
        finally:
            self._optimisations.remove(optimisation)

    def stop(self) -> None:
        """Lets every :meth:`optimize` of this object end after the trials under way; for objectives and callbacks."""
        for optimisation in self._optimisations:
            optimisation.stop()

    def give_back(self, worker: str) -> None:
        """Gives back the unfinished trials of a worker as well as that can be done at once; nothing is repeated.

        Args:
            worker: The name under which it asked.
        """
        query = {"state": "running,stopping", "worker": worker}
        try:
            listed = self._transport.request("GET", self._path("trials"), query=query, timeout=5, retries=NO_RETRIES)
            for document in listed.object()["trials"]:
                path = self._path("trials", document["number"], "requeue")
                self._transport.request("POST", path, body={"reason": "preempted"}, timeout=5, retries=NO_RETRIES)
        except HoneError as error:
            _LOG.warning("Trials of %s are handed out again when their leases end: %s", worker, error)

    # Add

    def enqueue(
        self, points: Union[Mapping[str, Any], Sequence[Mapping[str, Any]]], *, key: Optional[str] = None
    ) -> list[TrialRecord]:
        """Adds trials to be tried next, before anything that the tuner proposes.

        Args:
            points: A point, or up to 1,000, each with the values of all parameters that are active there.
            key: A name of this write; the same write under the same name happens once in 24 hours.
        """
        listed = [points] if isinstance(points, Mapping) else list(points)
        trials = [{"parameters": self.space.write(p, f"points/{i}")} for i, p in enumerate(listed)]
        return self._enqueue(trials, key)

    def enqueue_trial(self, params: Mapping[str, Any]) -> TrialRecord:
        """Adds a trial to be tried next, by the name that Optuna has for it."""
        return self.enqueue(params)[0]

    def add_results(self, results: Sequence[ForeignResult], *, key: Optional[str] = None) -> list[TrialRecord]:
        """Adds results from elsewhere: the tuner learns from them, and no budget pays for them.

        Args:
            results: Up to 1,000 points, each with its result and, where there are any, its intermediate measurements in
                the order of their steps.
            key: A name of this write; the same write under the same name happens once in 24 hours.
        """
        trials = []
        for i, (point, result, *curve) in enumerate(results):
            trial = {"parameters": self.space.write(point, f"results/{i}"), **result.to_json(self._definition)}
            if curve and curve[0]:
                trial["measurements"] = [measurement.to_json(self._definition) for measurement in curve[0]]
            trials.append(trial)
        return self._enqueue(trials, key)

    def _enqueue(self, trials: Sequence[Mapping[str, Any]], key: Optional[str]) -> list[TrialRecord]:
        if not 1 <= len(trials) <= 1000:
            raise InvalidInputError(f"trials: must be 1 to 1,000, not {len(trials)}.")
        answer = self._transport.write("POST", self._path("enqueue"), {"trials": list(trials)}, key=key).object()
        return [self._trial(trial) for trial in answer["trials"]]

    # Look

    @property
    def trials(self) -> list[TrialRecord]:
        """All trials by number, read page by page; :meth:`iter_trials` holds one page at a time."""
        return list(self.iter_trials())

    def iter_trials(
        self,
        state: Optional[States] = None,
        *,
        worker: Optional[str] = None,
        order_by: Optional[str] = None,
        measurements: bool = False,
        page_size: int = 500,
    ) -> Iterator[TrialRecord]:
        """The trials, page by page.

        Args:
            state: Only trials in this state, or in one of these.
            worker: Only trials that this worker holds, or held last.
            order_by: ``number``, ``value`` (the best first) or ``finished``; with a hyphen before it the other way
                round.
            measurements: Whether they come with their intermediate measurements.
            page_size: How many are read at once, 1 to 1,000.
        """
        if state is not None:
            listed = [state] if isinstance(state, (str, TrialState)) else list(state)
            state = ",".join(TrialState(s).value for s in listed)
        query = {
            "state": state,
            "worker": worker,
            "order_by": order_by,
            "measurements": "true" if measurements else None,
        }
        for trial in pages(self._transport, self._path("trials"), "trials", page_size, query):
            yield self._trial(trial)

    def trial(self, number: int) -> TrialRecord:
        """One trial, with its intermediate measurements."""
        return self._trial(self._transport.get(self._path("trials", number)).object())

    @property
    def best_trial(self) -> TrialRecord:
        """The completed trial with the best objective, among those that keep the outcome constraints.

        Raises:
            ValueError: There is none yet.
            UnsupportedError: The study has several objectives.
        """
        trial = self.best()
        if trial is None:
            raise ValueError(f'No trial of the study "{self.name}" is completed yet.')
        return trial

    @property
    def best_value(self) -> float:
        """The best value of the objective, in the metric's units."""
        value = self.best_trial.value
        assert value is not None
        return value

    @property
    def best_params(self) -> Mapping[str, Any]:
        """The parameters of the best trial."""
        return self.best_trial.parameters

    @property
    def best_trials(self) -> list[TrialRecord]:
        """The completed trials that no other one dominates."""
        return list(self.pareto())

    def best(self) -> Optional[TrialRecord]:
        """The best trial; None before there is one."""
        trial = self._transport.get(self._path("best")).object().get("trial")
        return None if trial is None else self._trial(trial)

    def pareto(self, page_size: int = 500) -> Iterator[TrialRecord]:
        """The completed trials that no other one dominates, by number."""
        for trial in pages(self._transport, self._path("pareto"), "trials", page_size):
            yield self._trial(trial)

    def history(self) -> list[Improvement]:
        """How the best value came about: the trials that were better than all before, in the order of time."""
        answer = self._transport.get(self._path("history")).object()
        return [Improvement.read(improvement) for improvement in answer["improvements"]]

    def importance(self, metric: Optional[str] = None, *, best: float = 1.0) -> ImportanceReport:
        """How much of a metric's variance over the search space is due to each parameter.

        Args:
            metric: An objective, or a metric that an outcome constraint bounds; the only objective where left out.
            best: Only differences among this best share of the values count, above 0 and at most 1.

        Raises:
            NoModelYetError: There are fewer than ten completed trials.
        """
        if not 0 < best <= 1:
            raise InvalidInputError(f"best: must be above 0 and at most 1, not {best}.")
        query = {"metric": metric, "best": None if best == 1 else best}
        return ImportanceReport.read(self._transport.get(self._path("importance"), query).object())

    def schedule(self) -> Mapping[str, Any]:
        """The parameters that led to the best trial, step by step (JSON of the contract)."""
        return self._transport.get(self._path("schedule")).object()

    def checkpoints(self, page_size: int = 500) -> Iterator[Checkpoint]:
        """The states that trials left, and which of them are still wanted."""
        for document in pages(self._transport, self._path("checkpoints"), "checkpoints", page_size):
            yield Checkpoint.read(document)

    def note_deleted_checkpoints(self, names: Sequence[str]) -> None:
        """Says that checkpoints were deleted; one that is still wanted refuses them all.

        Args:
            names: 1 to 1,000 names.
        """
        if not 1 <= len(names) <= 1000:
            raise InvalidInputError(f"names: must be 1 to 1,000, not {len(names)}.")
        self._transport.request("POST", self._path("checkpoints"), body={"deleted": list(names)})

    def predict(self, points: Sequence[Mapping[str, Any]]) -> Predictions:
        """What the tuner's model believes of the objective without noise, in units of the metric.

        Args:
            points: 1 to 1,000 points, each with the values of all parameters that are active there.

        Raises:
            NoModelYetError: There are too few results.
            UnsupportedError: The tuner has no model.
        """
        if not 1 <= len(points) <= 1000:
            raise InvalidInputError(f"points: must be 1 to 1,000, not {len(points)}.")
        body = {"points": [self.space.write(point, f"points/{i}") for i, point in enumerate(points)]}
        answer = self._transport.request("POST", self._path("predict"), body=body).object()
        return Predictions(
            tuple(Prediction(p["mean"], p["standard_deviation"]) for p in answer["predictions"]),
            int(answer["history"]),
            int(answer["observations"]),
        )

    def events(self, after: Optional[int] = None, *, longest_wait: float = 15.0) -> Iterator[StudyEvent]:
        """Follows the study's log; after a failure of the connection it goes on where it was.

        The iterator ends when the study is deleted. Close it, or leave the loop, to end it sooner.

        Args:
            after: Begin after this place in the log, 0 for its beginning; with the next entry where left out.
            longest_wait: Seconds between attempts to connect, at the most.
        """
        place = None if after is None else str(after)
        connected, wait = False, 0.2
        while True:
            try:
                for event in server_sent_events(self._transport, self._path("events"), place):
                    connected, wait, place = True, 0.2, event.id
                    yield StudyEvent.read(json.loads(event.data))
                connected = True
            except StudyNotFoundError:
                if connected:
                    return
                raise
            except (OSError, http.client.HTTPException, UnavailableError, RateLimitedError) as error:
                _LOG.info("The events of %s: %s; again in %.1f s", self.name, error, wait)
            time.sleep(wait)
            wait = min(longest_wait, wait * 2)

    # Change

    def update(
        self,
        *,
        state: Optional[str] = None,
        budget: Optional[Budget] = None,
        labels: Optional[Mapping[str, str]] = None,
        revision: Optional[int] = None,
    ) -> StudyRecord:
        """Changes what is given; a budget or labels replace the old ones as a whole.

        Args:
            state: ``active``, ``paused`` or ``finished``.
            budget: How much it may spend.
            labels: Your own notes by name.
            revision: The revision that the study must still have; None for whatever it has.

        Raises:
            StaleError: It has another revision.
        """
        if state is not None and state not in ("active", "paused", "finished"):
            raise InvalidInputError(f"state: must be active, paused or finished, not {state!r}.")
        body: dict[str, Any] = {}
        if state is not None:
            body["state"] = state
        if budget is not None:
            body["budget"] = budget.to_json()
        if labels is not None:
            body["labels"] = dict(labels)
        self._record = StudyRecord.read(self._transport.write("PATCH", self._path(), body, revision).object())
        return self._record

    def pause(self) -> None:
        """Hands out no trials until :meth:`activate`; results are taken meanwhile."""
        self.update(state="paused")

    def activate(self) -> None:
        """Hands out trials again."""
        self.update(state="active")

    def finish(self) -> None:
        """Hands out no trials any more."""
        self.update(state="finished")

    def delete(self, revision: Optional[int] = None) -> None:
        """Deletes the study with all its trials."""
        self._transport.write("DELETE", self._path(), revision=revision)

    def correct(self, number: int, result: Result, revision: Optional[int] = None) -> TrialRecord:
        """Replaces how a finished trial ended; the tuner goes by it from then on.

        Args:
            number: The trial.
            result: How it ended after all.
            revision: The revision that the trial must still have; None for whatever it has.
        """
        body = result.to_json(self._definition)
        return self._trial(self._transport.write("PATCH", self._path("trials", number), body, revision).object())

    def exclude(self, number: int, revision: Optional[int] = None) -> TrialRecord:
        """Takes a trial out of what the study goes by; it stays in the record."""
        path = self._path("trials", number)
        return self._trial(self._transport.write("DELETE", path, revision=revision).object())

    def requeue(self, number: int, *, reason: Optional[str] = None, lease_token: Optional[str] = None) -> TrialRecord:
        """Gives a trial back, to be handed out again."""
        body = {key: v for key, v in (("reason", reason), ("lease_token", lease_token)) if v is not None}
        return self._trial(self._transport.write("POST", self._path("trials", number, "requeue"), body).object())

    def _path(self, *parts: object) -> str:
        return path_of("studies", self.name, *parts)

    def _trial(self, document: Mapping[str, Any]) -> TrialRecord:
        return TrialRecord.read(document, self._definition)
