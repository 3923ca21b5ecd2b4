"""Studies and trials on a real server."""

import math
import pickle
import time

import pytest

from hone_client import (
    Boolean,
    Budget,
    Categorical,
    ConflictError,
    Float,
    Integer,
    InvalidInputError,
    LeaseLostError,
    Measurement,
    NoModelYetError,
    NoTrialAvailableError,
    Ordinal,
    OutcomeConstraint,
    RefusedInputError,
    ReportConflictError,
    Result,
    StaleError,
    StudyExistsError,
    StudyNotFoundError,
    ToldTrial,
    TrialPruned,
    TrialState,
    TrialStateError,
    UnsupportedError,
)

X = {"x": Float(0, 1)}
FULL = {
    "lr": Float(1e-5, 0.1, log=True, default=0.001),
    "layers": Integer(1, 8),
    "batch": Ordinal([32, 64, 128]),
    "amp": Boolean(),
    "optimizer": Categorical(["sgd", "adam"]),
    "momentum": Float(0, 0.99, when={"optimizer": ["sgd"]}),
    "mixture": Float(0, 1, size=3),
    "dropout": Float(0, 0.5, step=0.1),
}


def test_every_type_of_parameter_comes_back_in_its_python_type(client, name):
    study = client.create_study(
        name,
        FULL,
        objectives={"loss": "minimize"},
        parameter_constraints=["2 * layers + batch <= 140"],
        stopping={"name": "asha", "max_resource": 81},
        budget=Budget(max_trials=200, max_parallel=16, trial_timeout_seconds=3600),
        noise=0.01,
        labels={"team": "vision"},
    )
    for trial in study.ask_many(8):
        p = trial.params
        assert isinstance(p["lr"], float) and isinstance(p["layers"], int) and isinstance(p["amp"], bool)
        assert p["batch"] in (32, 64, 128) and 2 * p["layers"] + p["batch"] <= 140
        assert ("momentum" in p) == (p["optimizer"] == "sgd")
        assert len(p["mixture"]) == 3 and all(isinstance(v, float) for v in p["mixture"])
        assert study.space.write(p) == p
    assert study.read().definition.to_json() == study.definition.to_json()


def test_the_same_definition_is_the_same_study_and_another_is_refused(client, name):
    client.create_study(name, X, direction="minimize").ask()
    assert len(client.create_study(name, X, direction="minimize").trials) == 1
    with pytest.raises(StudyExistsError):
        client.create_study(name, X, direction="maximize")


def test_a_json_definition_is_taken_as_it_is(client, name):
    document = {
        "name": name,
        "parameters": [{"name": "x", "type": "float", "low": 0, "high": 1}],
        "objectives": [{"metric": "loss", "goal": "minimize"}],
    }
    assert client.create(document).definition.to_json()["parameters"] == document["parameters"]
    with pytest.raises(InvalidInputError, match="objectives"):
        client.create({"name": name, "parameters": document["parameters"]})


def test_what_only_the_server_knows_is_refused_with_a_pointer(client, name):
    with pytest.raises(RefusedInputError) as refused:
        client.create_study(name, X, direction="minimize", parameter_constraints=["x <= -1"])
    assert refused.value.mistakes[0].pointer.startswith("/parameter_constraints")
    with pytest.raises(UnsupportedError):
        client.create_study(name, X, directions=["minimize", "maximize"], tuner="bayesian")


def test_ask_and_tell(client, name):
    study = client.create_study(name, X, direction="maximize", tuner={"name": "bayesian", "seed": 1})
    for _ in range(4):
        trial = study.ask()
        record = study.tell(trial, trial.suggest_float("x", 0, 1), standard_errors={"value": 0.01}, step=3)
        assert record.state is TrialState.COMPLETED and record.value == trial.params["x"] and record.step == 3
    assert study.best_value == max(t.value for t in study.trials)
    assert study.best_params == study.best_trial.params
    assert study.history()[-1].value == study.best_value
    assert study.direction == "maximize"
    predictions = study.predict([{"x": 0.5}, {"x": 1}])
    assert len(predictions) == 2 and predictions[0].standard_deviation >= 0


def test_the_importance_of_parameters_needs_ten_trials(client, name):
    study = client.create_study(name, {"x": Float(0, 1), "y": Float(0, 1)}, direction="minimize", tuner="quasi_random")
    for _ in range(9):
        trial = study.ask()
        study.tell(trial, trial.params["x"])
    with pytest.raises(NoModelYetError):
        study.importance()
    for _ in range(31):
        trial = study.ask()
        study.tell(trial, trial.params["x"])
    report = study.importance("value", best=0.5)
    assert (report.metric, report.best, report.trials) == ("value", 0.5, 40)
    assert [one.name for one in report.parameters] == ["x", "y"]
    assert report.parameters[0].importance > 0.5 > report.parameters[1].total
    with pytest.raises(InvalidInputError):
        study.importance(best=0)
    with pytest.raises(RefusedInputError):
        study.importance("speed")


def test_a_number_and_a_token_do_as_well_as_a_trial(client, name):
    study = client.create_study(name, X, direction="minimize")
    trial = study.ask(worker="w", lease_seconds=30)
    assert study.ask(worker="w").number == trial.number
    with pytest.raises(LeaseLostError):
        study.tell(trial.number, 0.5, lease_token="0" * 32)
    assert study.tell(trial.number, 0.5, lease_token=trial.lease_token).value == 0.5


def test_fixed_values_are_taken_and_the_tuner_chooses_the_others(client, name):
    study = client.create_study(name, FULL, objectives={"loss": "minimize"})
    trial = study.ask(fixed={"optimizer": "sgd", "momentum": 0.5, "layers": 3})
    assert (trial.params["optimizer"], trial.params["momentum"], trial.params["layers"]) == ("sgd", 0.5, 3)
    assert sorted(trial.record.origin["fixed"]) == ["layers", "momentum", "optimizer"]
    for fixed, where in [
        ({"width": 3}, "fixed/width: there is no such"),
        ({"layers": 9}, "fixed/layers: must be"),
        ({"momentum": 0.5}, "fixed/momentum: needs values of optimizer"),
        ({"momentum": 0.5, "optimizer": "adam"}, "fixed/momentum: needs values of optimizer"),
    ]:
        with pytest.raises(InvalidInputError, match=where):
            study.ask(fixed=fixed)


def test_nothing_better_yet(client, name):
    study = client.create_study(name, X, direction="minimize")
    with pytest.raises(ValueError, match="completed"):
        study.best_value  # noqa: B018
    with pytest.raises(NoModelYetError):
        study.predict([{"x": 0.5}])
    with pytest.raises(InvalidInputError, match="points/0/x"):
        study.predict([{"x": 2}])


def test_values_that_are_not_finite(client, name):
    study = client.create_study(name, X, direction="minimize")
    assert study.tell(study.ask(), math.nan).state is TrialState.FAILED
    infinite = study.tell(study.ask(), math.inf)
    assert infinite.state is TrialState.INFEASIBLE and infinite.reason == "not_finite"
    assert study.trial(infinite.number).metrics == {"value": math.inf}


def test_other_ends(client, name):
    study = client.create_study(name, X, direction="minimize")
    assert study.ask().fail("boom").reason == "boom"
    assert study.ask().infeasible("no mesh").state is TrialState.INFEASIBLE
    assert study.ask().prune("dull").reason == "dull"
    back = study.ask()
    assert back.requeue().state is TrialState.WAITING
    assert study.ask().number == back.number


def test_a_repeated_tell_is_confirmed_and_another_is_refused_with_what_is_stored(client, name):
    study = client.create_study(name, X, direction="minimize")
    trial = study.ask()
    trial.tell(0.5)
    assert study.tell(trial.number, 0.5).value == 0.5
    with pytest.raises(TrialStateError) as refused:
        study.tell(trial.number, 0.6)
    assert refused.value.trial["metrics"] == {"value": 0.5}


def test_many_results_at_once_or_none(client, name):
    study = client.create_study(name, X, direction="minimize")
    trials = list(study.ask_many(3))
    told = [ToldTrial(trials[0], Result(1)), ToldTrial(trials[1], Result(state="failed", reason="x"))]
    with pytest.raises(RefusedInputError):
        study.tell_many([*told, ToldTrial(trials[0], Result(1))])
    assert study.trial(trials[0].number).state is TrialState.RUNNING
    assert [t.state for t in study.tell_many(told)] == [TrialState.COMPLETED, TrialState.FAILED]


def test_enqueued_trials_come_next_and_results_from_elsewhere_count(client, name):
    study = client.create_study(name, X, direction="minimize")
    study.enqueue([{"x": 0.25}, {"x": 0.75}])
    study.add_results([({"x": 0.1}, Result(0.1)), ({"x": 0.9}, Result(state="infeasible", reason="no"))])
    assert [study.ask().params["x"] for _ in range(2)] == [0.25, 0.75]
    assert study.best_params == {"x": 0.1}
    with pytest.raises(InvalidInputError, match="points/0/x"):
        study.enqueue({"x": 7})


def test_results_from_elsewhere_bring_their_curves(client, name):
    study = client.create_study(name, X, direction="minimize")
    curve = [Measurement(1, {"value": 0.9}, {"value": 0.1}), Measurement(3, {"value": math.nan}, checkpoint="c")]
    added = study.add_results([({"x": 0.1}, Result(0.5), curve), ({"x": 0.2}, Result(state="pruned"), curve[:1])])
    first, second = (study.trial(trial.number) for trial in added)
    assert [(m.step, m.checkpoint) for m in first.measurements] == [(1, None), (3, "c")]
    assert first.measurements[0].standard_errors == {"value": 0.1}
    assert math.isnan(first.measurements[1].metrics["value"])
    assert second.measurements == first.measurements[:1]
    with pytest.raises(InvalidInputError, match="step"):
        study.add_results([({"x": 0.3}, Result(0.5), [Measurement(-1, {"value": 1})])])


def test_an_enqueue_under_a_key_happens_once(client, name):
    study = client.create_study(name, X, direction="minimize")
    first = study.enqueue({"x": 0.5}, key=f"{name}-a")
    again = study.enqueue({"x": 0.5}, key=f"{name}-a")
    assert first[0].number == again[0].number
    assert len(study.trials) == 1


def test_nothing_to_hand_out_says_why(client, name):
    study = client.create_study(name, X, direction="minimize", budget={"max_trials": 1})
    trial = study.ask()
    with pytest.raises(NoTrialAvailableError) as none:
        study.ask()
    assert none.value.reason == "budget_reserved" and none.value.retry_after is not None
    trial.tell(1)
    with pytest.raises(NoTrialAvailableError) as none:
        study.ask(wait=5)
    assert none.value.reason == "finished" and none.value.retry_after is None


def test_pages_and_filters(client, name):
    study = client.create_study(name, X, direction="minimize", tuner="random")
    for trial in study.ask_many(20):
        trial.tell(trial.params["x"]) if trial.number % 4 else trial.fail("odd")
    assert [t.number for t in study.iter_trials(page_size=3)] == list(range(1, 21))
    values = [t.value for t in study.iter_trials("completed", order_by="value", page_size=4)]
    assert len(values) == 15 and values == sorted(values)
    assert {t.state for t in study.iter_trials(["failed", TrialState.PRUNED])} == {TrialState.FAILED}
    with pytest.raises(InvalidInputError):
        list(study.iter_trials(page_size=0))


def test_several_objectives(client, name):
    study = client.create_study(name, X, directions=["minimize", "maximize"])
    for trial in study.ask_many(6):
        x = trial.params["x"]
        trial.tell((x, x))
    assert len(study.best_trials) == 6
    assert study.best_trials[0].values is not None
    with pytest.raises(UnsupportedError):
        study.best_trial  # noqa: B018


def test_outcome_constraints_need_their_metrics(client, name):
    study = client.create_study(
        name, X, objectives={"loss": "minimize"}, outcome_constraints=[OutcomeConstraint("ms", at_most=40)]
    )
    trial = study.ask()
    with pytest.raises(InvalidInputError, match="missing: ms"):
        trial.tell(0.5)
    trial.tell({"loss": 0.5, "ms": 50})
    assert study.best() is None


def test_revisions_protect_changes(client, name):
    study = client.create_study(name, X, direction="minimize", budget=Budget(max_trials=5))
    record = study.read()
    study.update(labels={"a": "b"}, budget=Budget(max_trials=6), revision=record.revision)
    with pytest.raises(StaleError):
        study.update(state="paused", revision=record.revision)
    study.pause()
    with pytest.raises(NoTrialAvailableError, match="paused"):
        study.ask()
    study.activate()
    trial = study.ask()
    trial.tell(1)
    assert study.correct(trial.number, Result(2)).value == 2
    assert study.exclude(trial.number).excluded_at is not None
    assert study.best() is None
    assert name in {record.name for record in client.studies()}
    study.delete()
    with pytest.raises(StudyNotFoundError):
        client.study(name)


def test_reports_and_the_stopping_rule(client, name):
    study = client.create_study(
        name, X, direction="minimize", tuner="random", stopping={"name": "median", "min_trials": 2}
    )
    for value in (1.0, 1.1):
        trial = study.ask()
        for step in (1, 2):
            assert not trial.report(value, step).stops
        trial.tell(value)
    bad = study.ask()
    decision = bad.report(9.0, 1)
    assert decision.stops and bad.should_prune()
    record = bad.prune()
    assert record.state is TrialState.PRUNED and record.metrics == {"value": 9.0}
    assert [m.step for m in study.trial(bad.number).measurements] == [1]
    assert [len(t.measurements) for t in study.iter_trials(measurements=True)] == [2, 2, 1]


def test_steps_increase(client, name):
    study = client.create_study(name, X, direction="minimize")
    trial = study.ask()
    trial.report({"value": math.nan, "other": 1}, 3)
    trial.report({"value": math.nan, "other": 1}, 3)
    with pytest.raises(ReportConflictError):
        trial.report(1, 3)
    with pytest.raises(RefusedInputError):
        trial.report(1, 2)
    with pytest.raises(InvalidInputError):
        trial.report(1, -1)


def test_a_block_renews_its_lease_and_ends_its_trial(client, name):
    study = client.create_study(name, X, direction="minimize")
    with study.ask(lease_seconds=1.5) as trial:
        time.sleep(2.5)
        trial.tell(1)
    assert study.trial(trial.number).attempt == 1 and not trial.is_lost

    with study.ask() as trial:
        raise TrialPruned
    assert study.trial(trial.number).state is TrialState.PRUNED

    with pytest.raises(ZeroDivisionError), study.ask() as trial:
        1 / 0  # noqa: B018
    failed = study.trial(trial.number)
    assert failed.state is TrialState.FAILED and "ZeroDivisionError" in failed.reason

    with pytest.raises(KeyboardInterrupt), study.ask() as trial:
        raise KeyboardInterrupt
    assert study.trial(trial.number).state is TrialState.WAITING

    with study.ask() as trial:
        pass
    assert study.trial(trial.number).state is TrialState.WAITING


def test_a_lease_that_runs_out_goes_to_another_worker(client, name):
    study = client.create_study(name, X, direction="minimize")
    trial = study.ask(lease_seconds=0.3)
    time.sleep(0.6)
    other = study.ask(wait=5)
    assert other.number == trial.number and other.record.lost_leases == 1
    with pytest.raises(LeaseLostError):
        trial.report(1, 1)
    assert trial.is_lost and trial.should_prune()
    with pytest.raises(ConflictError):
        trial.tell(1)
    other.tell(2)


def test_suggestions_must_be_what_the_study_declares(client, name):
    study = client.create_study(name, FULL, objectives={"loss": "minimize"})
    study.enqueue(
        {
            "lr": 0.01, "layers": 3, "batch": 64, "amp": True, "optimizer": "adam",
            "mixture": [0, 0.5, 1], "dropout": 0.2,
        }
    )  # fmt: skip
    trial = study.ask()
    assert trial.suggest_float("lr", 1e-5, 0.1, log=True) == 0.01
    assert trial.suggest_float("dropout", 0, 0.5, step=0.1) == 0.2
    assert trial.suggest_int("layers", 1, 8) == 3
    assert trial.suggest_categorical("batch", [32, 64, 128]) == 64
    assert trial.suggest_categorical("amp", [True, False]) is True
    assert trial.suggest_categorical("optimizer", ["adam", "sgd"]) == "adam"
    for suggest, text in [
        (lambda: trial.suggest_float("lr", 1e-5, 0.1), "declares Float"),
        (lambda: trial.suggest_int("lr", 1, 2), "declares Float"),
        (lambda: trial.suggest_float("rate", 0, 1), "does not declare"),
        (lambda: trial.suggest_float("momentum", 0, 0.99), "takes no part"),
        (lambda: trial.suggest_categorical("optimizer", ["adam"]), "Make the two agree"),
    ]:
        with pytest.raises(ValueError, match=text):
            suggest()


def test_a_trial_is_not_pickled_and_its_parameters_are(client, name):
    trial = client.create_study(name, X, direction="minimize").ask()
    with pytest.raises(TypeError, match="pass parameters"):
        pickle.dumps(trial)
    assert pickle.loads(pickle.dumps(trial.params)) == trial.params
    assert pickle.loads(pickle.dumps(trial.record)) == trial.record


def test_tuners_are_listed(client):
    assert "bayesian" in {tuner["name"] for tuner in client.tuners()["tuners"]}
    assert client.is_ready()
