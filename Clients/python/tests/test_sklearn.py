"""Loops over real scikit-learn estimators, on a real server."""

import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import scale
from sklearn.svm import SVC

from hone_client import Float, InvalidInputError, TrialPruned, TrialState
from hone_client.sklearn import Reporter, cross_validate, partial_fit, warm_start

X, Y = load_iris(return_X_y=True)
X = scale(X)
TRAIN, VALID = slice(0, None, 2), slice(1, None, 2)


def study_of(client, name, direction="maximize", first=2):
    stopping = {"name": "median", "min_trials": 1, "warmup_steps": first}
    return client.create_study(
        name, {"a": Float(1e-4, 1e4, log=True)}, direction=direction, tuner="random", stopping=stopping
    )


def test_partial_fit_reports_each_epoch(client, name):
    study = study_of(client, name)
    study.enqueue([{"a": 1e-3}, {"a": 1e4}])

    def objective(trial):
        model = SGDClassifier(alpha=trial.params["a"], penalty="l1", random_state=1)
        return partial_fit(trial, model, X[TRAIN], Y[TRAIN], X[VALID], Y[VALID], epochs=5, batch_size=16)

    study.optimize(objective, n_trials=2)
    good, bad = (study.trial(number) for number in (1, 2))
    assert [m.step for m in good.measurements] == [1, 2, 3, 4, 5] and good.value > 0.6
    assert bad.state is TrialState.PRUNED


def test_cross_validation_ends_early_and_tells_its_standard_error(client, name):
    study = study_of(client, name)
    study.enqueue([{"a": 1.0}, {"a": 1e-4}])
    study.optimize(lambda trial: cross_validate(trial, SVC(C=trial.params["a"]), X, Y, cv=5), n_trials=2)
    good, bad = (study.trial(number) for number in (1, 2))
    assert good.value > 0.9 and 0 < good.standard_errors["value"] < 0.05 and len(good.measurements) == 5
    assert bad.state is TrialState.PRUNED and len(bad.measurements) == 2


def test_warm_start_grows(client, name):
    trial = study_of(client, name).ask()
    model = GradientBoostingClassifier(random_state=1)
    score = warm_start(trial, model, X[TRAIN], Y[TRAIN], X[VALID], Y[VALID], values=[2, 4, 6])
    assert model.n_estimators_ == 6 and score > 0.8
    assert trial.tell(score).state is TrialState.COMPLETED


def test_a_loop_of_ones_own(client, name):
    study = study_of(client, name, "minimize", first=1)
    study.ask().tell(1.0)
    first = study.ask()
    first.report(1.0, 1)
    first.tell(1.0)
    reporter = Reporter(study.ask())
    with pytest.raises(TrialPruned, match="step 1"):
        reporter(5.0)


def test_a_study_that_minimises_a_score_is_refused(client, name):
    trial = study_of(client, name, "minimize").ask()
    with pytest.raises(InvalidInputError, match="maximise"):
        cross_validate(trial, SVC(), X, Y)
