"""The loop of ask, evaluate and tell."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, Callable, Optional

from .errors import ConflictError, HoneError, InvalidInputError, TrialNotFoundError
from .result import Result
from .trial import Trial
from .trial_pruned import TrialInfeasible, is_pruned
from .trial_record import TrialRecord
from .trial_state import TrialState

if TYPE_CHECKING:
    from .study import Study

_LOG = logging.getLogger("hone_client")

Objective = Callable[[Trial], Any]
Callback = Callable[["Study", TrialRecord], None]


class Optimisation:
    """Evaluates a study's trials in one or several threads; the arguments are those of :meth:`Study.optimize`."""

    def __init__(
        self,
        study: Study,
        objective: Objective,
        *,
        n_trials: Optional[int],
        timeout: Optional[float],
        n_jobs: int,
        catch: tuple[type[Exception], ...],
        callbacks: tuple[Callback, ...],
        lease_seconds: float,
        worker: Optional[str],
    ) -> None:
        if n_trials is not None and n_trials < 0:
            raise InvalidInputError(f"n_trials: must be at least 0, not {n_trials}.")
        if n_jobs == 0 or n_jobs < -1:
            raise InvalidInputError(f"n_jobs: must be at least 1, or -1 for one for each processor, not {n_jobs}.")
        self._study = study
        self._objective = objective
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._jobs = n_jobs if n_jobs > 0 else os.cpu_count() or 1
        self._catch = catch
        self._callbacks = callbacks
        self._lease_seconds = lease_seconds
        self._worker = worker or f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._left = n_trials
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._under_way: set[Trial] = set()
        self._asking = 0
        self._failures: list[BaseException] = []

    def stop(self) -> None:
        """Lets it end after the trials under way."""
        self._stopped.set()

    def run(self) -> None:
        """Evaluates trials until there are no more."""
        if self._jobs == 1:
            self._slot(0)
        else:
            threads = [
                threading.Thread(target=self._slot_in_thread, args=(i,), name=f"hone-{i}", daemon=True)
                for i in range(self._jobs)
            ]
            for thread in threads:
                thread.start()
            try:
                for thread in threads:
                    while thread.is_alive():
                        thread.join(0.2)
            except BaseException:
                # Ctrl-C reaches this thread only. The others cannot be interrupted; their trials go to someone else.
                self._stopped.set()
                self._give_all_back()
                raise
        if self._failures:
            raise self._failures[0]

    def _give_all_back(self) -> None:
        # Those that are being asked for arrive first.
        deadline = time.monotonic() + 5.0
        while self._asking and time.monotonic() < deadline:
            time.sleep(0.02)
        with self._lock:
            trials = list(self._under_way)
        for trial in trials:
            if not trial.is_finished and not trial.is_lost:
                self._give_back(trial)

    def _slot_in_thread(self, index: int) -> None:
        try:
            self._slot(index)
        except BaseException as error:
            self._failures.append(error)
            self._stopped.set()

    def _slot(self, index: int) -> None:
        while self._take_turn():
            with self._lock:
                self._asking += 1
            try:
                trial = self._ask(f"{self._worker}-{index}")
                if trial is None:
                    return
                with self._lock:
                    self._under_way.add(trial)
            finally:
                with self._lock:
                    self._asking -= 1
            try:
                if self._stopped.is_set():
                    self._give_back(trial)
                    return
                trial.keep()
                record = self._evaluate(trial)
            except KeyboardInterrupt:
                # It may come at any moment, also before the evaluation has begun.
                if not trial.is_finished and not trial.is_lost:
                    self._give_back(trial)
                raise
            finally:
                trial.let_go()
                with self._lock:
                    self._under_way.discard(trial)
            if record is not None:
                for callback in self._callbacks:
                    callback(self._study, record)

    def _take_turn(self) -> bool:
        if self._stopped.is_set() or self._is_late(0):
            return False
        with self._lock:
            if self._left is None:
                return True
            self._left -= 1
            return self._left >= 0

    def _is_late(self, seconds: float) -> bool:
        return self._deadline is not None and time.monotonic() + seconds >= self._deadline

    def _ask(self, worker: str) -> Optional[Trial]:
        while True:
            try:
                answer = self._study.ask_many(1, worker=worker, lease_seconds=self._lease_seconds)
            except KeyboardInterrupt:
                # The server may have handed out a trial whose number never arrived here.
                self._study.give_back(worker)
                raise
            if answer.trials:
                return answer.trials[0]
            pause = answer.retry_after
            if pause is None or self._is_late(pause):
                _LOG.info("%s hands out no trial: %s %s", self._study.name, answer.reason, answer.detail or "")
                return None
            if self._stopped.wait(pause):
                return None

    def _evaluate(self, trial: Trial) -> Optional[TrialRecord]:
        try:
            value = self._objective(trial)
        except BaseException as error:
            try:
                if not trial.is_finished:
                    trial.end_by(error)
            except (ConflictError, TrialNotFoundError) as conflict:
                _LOG.warning("Trial %d is not told: %s", trial.number, conflict)
            except HoneError as trouble:
                # The objective's own error is the one to be seen.
                _LOG.error("Trial %d could not be told: %s", trial.number, trouble)
            expected = is_pruned(error) or isinstance(error, (TrialInfeasible, *self._catch))
            if not expected and not self._is_lost_to_others(error, trial):
                raise
            if isinstance(error, self._catch):
                _LOG.warning("Trial %d failed: %r", trial.number, error)
            return trial.record if trial.is_finished else None
        if trial.is_finished:
            return trial.record
        try:
            try:
                return self._tell(trial, value)
            except KeyboardInterrupt:
                # What was found is not thrown away; telling it twice is harmless.
                if not trial.is_finished:
                    self._tell(trial, value)
                raise
        except (ConflictError, TrialNotFoundError) as conflict:
            # Someone else has the trial by now, or has ended it: what was found here does not count.
            _LOG.warning("The result of trial %d is not taken: %s", trial.number, conflict)
            return None

    @staticmethod
    def _is_lost_to_others(error: BaseException, trial: Trial) -> bool:
        return trial.is_lost and isinstance(error, ConflictError)

    @staticmethod
    def _tell(trial: Trial, value: Any) -> TrialRecord:
        if value is None:
            if trial.record.state is TrialState.STOPPING or trial.should_prune():
                return trial.prune()
            return trial.fail("The objective answered None.")
        try:
            return trial.tell_result(value if isinstance(value, Result) else Result(value))
        except InvalidInputError as error:
            trial.fail(f"The objective answered what is no result: {error}")
            raise

    def _give_back(self, trial: Trial) -> None:
        try:
            trial.requeue("preempted")
        except HoneError as error:
            _LOG.warning("Trial %d could not be given back: %s", trial.number, error)
