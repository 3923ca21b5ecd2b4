"""Logs a study to MLflow."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from types import TracebackType
from typing import Any, Optional

import mlflow
from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient

from ..errors import UnsupportedError
from ..study import Study
from ..trial import Trial
from ..trial_record import TrialRecord
from ..trial_state import TrialState

_STATUS = {
    TrialState.COMPLETED: "FINISHED",
    TrialState.PRUNED: "KILLED",
    TrialState.INFEASIBLE: "FAILED",
    TrialState.FAILED: "FAILED",
}

_BATCH = 1000


class MLflowLogger:
    """Logs a study to MLflow: a parent run for the study, a child run for each trial.

    Give it to ``study.optimize`` among the callbacks. The parent has the definition, and the best value as it falls or
    rises; each child has the trial's parameters, its intermediate measurements at their steps, its final metrics, and
    how it ended. A logger of the same study in the same experiment goes on with the same parent, in whichever process.

    Args:
        study: The study.
        experiment: The name of MLflow's experiment; the study's where left out. It is made where it is missing.
        tracking_uri: Where MLflow keeps its runs; MLflow's own setting where left out.
    """

    def __init__(self, study: Study, experiment: Optional[str] = None, tracking_uri: Optional[str] = None) -> None:
        self._study = study
        self._client = MlflowClient(tracking_uri=tracking_uri or mlflow.get_tracking_uri())
        self._lock = threading.Lock()
        self._children: dict[int, str] = {}
        self._experiment_id = self._experiment(experiment or study.name)
        self._identity = f"{study.name} {study.read().created_at.isoformat()}"
        self.run_id = self._parent()

    # The parent

    def _experiment(self, name: str) -> str:
        known = self._client.get_experiment_by_name(name)
        return str(self._client.create_experiment(name) if known is None else known.experiment_id)

    def _find(self, kind: str, number: Optional[int] = None) -> list[Any]:
        text = f"tags.`hone.study` = '{self._identity}' and tags.`hone.kind` = '{kind}'"
        if number is not None:
            text += f" and tags.`hone.trial` = '{number}'"
        return list(self._client.search_runs([self._experiment_id], text, max_results=1))

    def _parent(self) -> str:
        known = self._find("study")
        if known:
            run_id = str(known[0].info.run_id)
            self._client.update_run(run_id, status="RUNNING")
            return run_id
        tags = {"hone.study": self._identity, "hone.kind": "study"}
        run = self._client.create_run(self._experiment_id, run_name=self._study.name, tags=tags)
        run_id = str(run.info.run_id)
        definition = self._study.definition
        parameters = [Param("tuner", str(self._study.read().tuner_in_use.get("name", "")))]
        parameters += [Param(f"goal.{objective.metric}", objective.goal) for objective in definition.objectives]
        self._client.log_batch(run_id, params=parameters)
        self._client.log_dict(run_id, definition.to_json(), "study.json")
        return run_id

    # Children

    def start(self, trial: Trial) -> str:
        """Begins the run of a trial under way, so that the objective can log to it; answers the run's id.

        The callback completes it. With ``mlflow.start_run(run_id=…)`` MLflow's own functions log to it.
        """
        return self._child(trial.record)

    def _child(self, record: TrialRecord) -> str:
        with self._lock:
            if record.number not in self._children:
                known = self._find("trial", record.number)
                if known:
                    self._children[record.number] = str(known[0].info.run_id)
                else:
                    self._children[record.number] = self._create_child(record)
            return self._children[record.number]

    def _create_child(self, record: TrialRecord) -> str:
        tags = {
            "mlflow.parentRunId": self.run_id,
            "hone.study": self._identity,
            "hone.kind": "trial",
            "hone.trial": str(record.number),
            "hone.tuner": str(record.origin.get("tuner", "")),
        }
        if record.worker is not None:
            tags["hone.worker"] = record.worker
        run = self._client.create_run(
            self._experiment_id,
            start_time=_milliseconds(record.started_at),
            tags=tags,
            run_name=f"{self._study.name}-{record.number}",
        )
        parameters = [Param(name, _text(value)) for name, value in record.parameters.items()]
        self._client.log_batch(run.info.run_id, params=parameters)
        return str(run.info.run_id)

    def __call__(self, study: Study, record: TrialRecord) -> None:
        """Logs a trial that has ended; the callback of ``study.optimize``."""
        run_id = self._child(record)
        began = _milliseconds(record.started_at)
        # Of several values at one step MLflow shows the latest, which is to be the final one.
        ended = max(began + 1, _milliseconds(record.finished_at or record.started_at))
        metrics = []
        for measurement in study.trial(record.number).measurements:
            metrics += [Metric(n, value, began, measurement.step) for n, value in measurement.metrics.items()]
        last = max((metric.step for metric in metrics), default=0)
        final = last if record.step is None else max(last, record.step)
        metrics += [Metric(name, value, ended, final) for name, value in record.metrics.items()]
        metrics += [
            Metric(f"{name}.standard_error", value, ended, final) for name, value in record.standard_errors.items()
        ]
        for begin in range(0, len(metrics), _BATCH):
            self._client.log_batch(run_id, metrics=metrics[begin : begin + _BATCH])
        tags = [RunTag("hone.state", record.state.value)]
        if record.reason is not None:
            tags.append(RunTag("hone.reason", record.reason[:5000]))
        if record.checkpoint is not None:
            tags.append(RunTag("hone.checkpoint", record.checkpoint))
        self._client.log_batch(run_id, tags=tags)
        self._client.set_terminated(run_id, status=_STATUS.get(record.state, "RUNNING"), end_time=ended)
        if record.state is TrialState.COMPLETED:
            self._log_best(record.number, ended)

    def _log_best(self, number: int, at: int) -> None:
        try:
            best = self._study.best()
        except UnsupportedError:
            # Several objectives have no single best trial.
            return
        if best is not None and best.value is not None:
            self._client.log_batch(
                self.run_id,
                metrics=[Metric(f"best.{best.objectives[0]}", best.value, at, number)],
                tags=[
                    RunTag("hone.best_trial", str(best.number)),
                    RunTag("hone.best_parameters", json.dumps(dict(best.parameters))[:5000]),
                ],
            )

    def catch_up(self) -> int:
        """Logs all trials that have ended and are not logged yet, such as those of other workers; answers how many."""
        logged = 0
        for record in self._study.iter_trials(["completed", "pruned", "infeasible", "failed"]):
            known = self._find("trial", record.number)
            if not known or known[0].info.status == "RUNNING":
                self(self._study, record)
                logged += 1
        return logged

    def close(self, status: str = "FINISHED") -> None:
        """Ends the parent run.

        Args:
            status: MLflow's word for how: FINISHED, FAILED or KILLED.
        """
        self._client.set_terminated(self.run_id, status=status)

    def __enter__(self) -> MLflowLogger:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if error is None:
            self.close()
        else:
            self.close("FAILED" if isinstance(error, Exception) else "KILLED")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
