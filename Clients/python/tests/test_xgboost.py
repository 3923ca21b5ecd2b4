"""Pruning in the real XGBoost, on a real server."""

import pytest

xgboost = pytest.importorskip("xgboost")
numpy = pytest.importorskip("numpy")

from hone_client import Float, InvalidInputError, TrialState  # noqa: E402
from hone_client.xgboost import PruningCallback  # noqa: E402


@pytest.fixture(scope="module")
def data():
    random = numpy.random.default_rng(1)
    x = random.normal(size=(120, 4))
    y = x @ [1.0, -2.0, 0.5, 0.0]
    return xgboost.DMatrix(x[:80], y[:80]), xgboost.DMatrix(x[80:], y[80:])


def study_of(client, name):
    stopping = {"name": "median", "min_trials": 1, "warmup_steps": 3}
    return client.create_study(name, {"eta": Float(0, 1)}, direction="minimize", tuner="random", stopping=stopping)


def test_hopeless_training_is_pruned(client, name, data):
    train, valid = data
    study = study_of(client, name)
    study.enqueue([{"eta": 0.5}, {"eta": 1e-6}])

    def objective(trial):
        log = {}
        xgboost.train(
            {"eta": trial.params["eta"], "nthread": 1},
            train,
            num_boost_round=8,
            evals=[(valid, "validation")],
            evals_result=log,
            verbose_eval=False,
            callbacks=[PruningCallback(trial, "validation-rmse")],
        )
        return log["validation"]["rmse"][-1]

    study.optimize(objective, n_trials=2)
    good, bad = (study.trial(number) for number in (1, 2))
    assert good.state is TrialState.COMPLETED and [m.step for m in good.measurements] == list(range(1, 9))
    assert good.value == pytest.approx(good.measurements[-1].metrics["value"])
    assert bad.state is TrialState.PRUNED and bad.step == 3


def test_cross_validation_and_intervals(client, name, data):
    study = study_of(client, name)
    with study.ask() as trial:
        xgboost.cv(
            {"eta": 0.3, "nthread": 1},
            data[0],
            num_boost_round=6,
            nfold=2,
            callbacks=[PruningCallback(trial, "test-rmse", interval=2)],
        )
        trial.tell(1.0)
    assert [m.step for m in study.trial(1).measurements] == [2, 4, 6]


def test_an_unknown_metric_is_said(client, name, data):
    trial = study_of(client, name).ask()
    with pytest.raises(InvalidInputError, match="validation-rmse"):
        xgboost.train(
            {"nthread": 1}, data[0], 2, evals=[(data[1], "validation")], verbose_eval=False,
            callbacks=[PruningCallback(trial, "valid-rmse")],
        )  # fmt: skip
    with pytest.raises(InvalidInputError):
        PruningCallback(trial, "rmse")
