"""Logging to the real MLflow, on a real server."""

import os

import pytest

os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
mlflow = pytest.importorskip("mlflow")

from mlflow.tracking import MlflowClient  # noqa: E402

from hone_client import Categorical, Float, Result, TrialInfeasible, TrialPruned  # noqa: E402
from hone_client.mlflow import MLflowLogger  # noqa: E402

SPACE = {"x": Float(0, 1), "kind": Categorical(["a", 2, True])}


@pytest.fixture
def uri(tmp_path):
    return (tmp_path / "mlruns").as_uri()


def objective(trial):
    for step in (1, 2):
        trial.report(trial.params["x"] + 1 / step, step)
    if trial.number == 2:
        raise TrialPruned
    if trial.number == 3:
        raise TrialInfeasible("no mesh")
    return Result({"value": trial.params["x"], "other": 3.0}, standard_errors={"value": 0.1}, step=2)


def test_a_study_is_a_parent_and_its_trials_are_children(client, name, uri):
    study = client.create_study(name, SPACE, direction="minimize")
    with MLflowLogger(study, "experiment", uri) as logger:
        study.optimize(objective, n_trials=4, callbacks=[logger])
    runs = MlflowClient(uri)
    experiment = runs.get_experiment_by_name("experiment").experiment_id
    parent = runs.get_run(logger.run_id)
    assert parent.info.status == "FINISHED"
    assert parent.data.metrics["best.value"] == study.best_value
    assert parent.data.tags["hone.best_trial"] == str(study.best_trial.number)
    assert [f.path for f in runs.list_artifacts(logger.run_id)] == ["study.json"]
    children = runs.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{logger.run_id}'")
    by_number = {int(run.data.tags["hone.trial"]): run for run in children}
    assert {n: r.info.status for n, r in by_number.items()} == {1: "FINISHED", 2: "KILLED", 3: "FAILED", 4: "FINISHED"}
    first = by_number[1]
    assert first.data.params["x"] == repr(study.trial(1).params["x"])
    assert first.data.metrics["value"] == study.trial(1).value and first.data.metrics["other"] == 3.0
    assert first.data.metrics["value.standard_error"] == 0.1
    history = runs.get_metric_history(first.info.run_id, "value")
    assert [m.step for m in history] == [1, 2, 2] and history[0].value == study.trial(1).params["x"] + 1
    assert by_number[3].data.tags["hone.reason"] == "no mesh"


def test_a_logger_goes_on_and_catches_up_with_other_workers(client, name, uri):
    study = client.create_study(name, SPACE, direction="minimize")
    with MLflowLogger(study, tracking_uri=uri) as logger:
        study.optimize(lambda trial: trial.params["x"], n_trials=2, callbacks=[logger])
    study.optimize(lambda trial: trial.params["x"], n_trials=3)
    with MLflowLogger(study, tracking_uri=uri) as again:
        assert again.run_id == logger.run_id
        assert again.catch_up() == 3
        assert again.catch_up() == 0


def test_an_objective_logs_to_its_trials_run(client, name, uri):
    study = client.create_study(name, SPACE, direction="minimize")
    with MLflowLogger(study, tracking_uri=uri) as logger:

        def logging_objective(trial):
            run_id = logger.start(trial)
            logger._client.log_metric(run_id, "epochs", 7)
            return 1.0

        study.optimize(logging_objective, n_trials=1, callbacks=[logger])
        assert logger.catch_up() == 0
    runs = MlflowClient(uri)
    (run,) = runs.search_runs([runs.get_experiment_by_name(name).experiment_id], "tags.`hone.kind` = 'trial'")
    assert run.data.metrics == {"epochs": 7, "value": 1.0} and run.info.status == "FINISHED"
