"""The sampler in the real Optuna, on a real server."""

import json
import logging
import math
import pickle
import subprocess
import sys
import textwrap
import threading

import pytest

optuna = pytest.importorskip("optuna")

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution  # noqa: E402

from hone_client import Boolean, Categorical, Client, Float, Integer, Ordinal, TrialState  # noqa: E402
from hone_client.optuna import HoneSampler  # noqa: E402
from hone_client.optuna.translated_space import distribution_of, translated_space  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.WARNING)


def mirrors(client, name):
    """Hone's studies that follow the study of Optuna, by name."""
    return [client.study(record.name) for record in client.studies() if record.name.startswith(name)]


def quadratic(trial):
    x = trial.suggest_float("x", -5, 5)
    k = trial.suggest_int("k", 1, 8)
    c = trial.suggest_categorical("c", ["a", "b"])
    return (x - 2) ** 2 + k + (c == "a")


def test_values_go_there_and_back_with_all_names_and_choices():
    odd = {
        "plain": FloatDistribution(0, 1),
        "layer 1/units": IntDistribution(1, 9, step=2),
        "layer 1 units": IntDistribution(1, 64, log=True),
        "grid": FloatDistribution(0, 1, step=0.25),
        "none": CategoricalDistribution([None, "None", 1, 2.5, False]),
        "simple": CategoricalDistribution(["a", 2, True]),
    }
    space = translated_space(odd)
    for choice in odd["none"].choices:
        point = {
            "plain": 0.5, "layer 1/units": 3, "layer 1 units": 8, "grid": 0.75, "none": choice, "simple": True,
        }  # fmt: skip
        there = space.to_hone(point)
        assert json.loads(json.dumps(there)) == there
        back = space.to_foreign(space.space.read(there))
        assert back == point and type(back["none"]) is type(choice)
        assert space.agrees(there, point)
    assert space.to_hone({"plain": 2.0}) is None


def test_hones_parameters_are_taken_for_a_space():
    assert distribution_of("b", Boolean()) == CategoricalDistribution([True, False])
    assert distribution_of("o", Ordinal([32, 64])) == CategoricalDistribution([32, 64])
    assert distribution_of("i", Integer(1, 9, step=2)) == IntDistribution(1, 9, step=2)
    with pytest.raises(ValueError, match="search_space/v"):
        distribution_of("v", Float(0, 1, size=2))


def test_a_study_is_defined_by_run(client, name):
    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name, seed=1))
    study.optimize(quadratic, n_trials=25)
    (mirror,) = mirrors(client, name)
    assert dict(mirror.space) == dict(translated_space(study.trials[0].distributions).space)
    # The first was drawn by Optuna, and added when the space was known.
    ours = mirror.trials
    assert len(ours) == 25 and [t.origin["tuner"] for t in ours[:2]] == ["user", "bayesian"]
    assert all(t.state is TrialState.COMPLETED for t in ours)
    assert sorted(t.value for t in ours) == sorted(t.value for t in study.trials)
    # Random points would be this good in fewer than 1 of 100 runs.
    assert study.best_value < 1.02


def test_a_given_space_is_asked_from_the_first_trial_on_and_a_seed_repeats_the_run(client, name):
    space = {"x": FloatDistribution(-5, 5), "k": IntDistribution(1, 8), "c": CategoricalDistribution(["a", "b"])}
    runs = []
    for run in "ab":
        study = optuna.create_study(
            sampler=HoneSampler(client, search_space=space, seed=4, study_prefix=f"{name}-{run}")
        )
        study.optimize(quadratic, n_trials=10)
        (mirror,) = mirrors(client, f"{name}-{run}")
        assert [t.origin["tuner"] for t in mirror.trials] == ["bayesian"] * 10
        runs.append([t.params for t in study.trials])
    assert runs[0] == runs[1]


def test_the_sampler_proposes_what_the_native_run_proposes(client, name):
    space = {"x": Float(-5, 5), "k": Integer(1, 8), "c": Categorical(["a", "b"])}
    native = client.create_study(
        f"{name}-native", space, objectives={"value_0": "minimize"}, tuner={"seed": 4, "reproducible": True}
    )
    native.optimize(quadratic, n_trials=12)
    study = optuna.create_study(sampler=HoneSampler(client, search_space=space, seed=4, study_prefix=name + "-optuna"))
    study.optimize(quadratic, n_trials=12)
    assert [t.params for t in study.trials] == [t.params for t in native.trials]


def test_branches_with_conditions(client, name):
    def objective(trial):
        if trial.suggest_categorical("optimizer", ["sgd", "adam"]) == "sgd":
            return trial.suggest_float("momentum", 0, 1)
        return 2.0

    space = {"optimizer": Categorical(["sgd", "adam"]), "momentum": Float(0, 1, when={"optimizer": ["sgd"]})}
    study = optuna.create_study(sampler=HoneSampler(client, search_space=space, study_prefix=name))
    study.optimize(objective, n_trials=10)
    (mirror,) = mirrors(client, name)
    assert [t.params for t in mirror.trials] == [t.params for t in study.trials]
    assert {len(t.params) for t in study.trials} == {1, 2}


def test_a_space_that_shrinks_takes_its_history_along(client, name, caplog):
    def objective(trial):
        y = trial.suggest_float("y", 0, 1) if trial.number < 4 else 0.0
        return trial.suggest_float("x", 0, 1) + y

    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name))
    study.optimize(objective, n_trials=8)
    spaces = {tuple(mirror.space): mirror for mirror in mirrors(client, name)}
    assert set(spaces) == {("x",), ("x", "y")} or set(spaces) == {("x",), ("y", "x")}
    assert sorted(t.value for t in spaces[("x",)].trials) == sorted(t.value for t in study.trials)


def test_pruned_and_failed_trials(client, name):
    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        if trial.number % 3 == 1:
            trial.report(7.0, step=4)
            raise optuna.TrialPruned
        if trial.number % 3 == 2:
            raise ValueError("odd")
        return math.inf if trial.number == 6 else x

    space = {"x": FloatDistribution(0, 1)}
    study = optuna.create_study(sampler=HoneSampler(client, search_space=space, study_prefix=name))
    study.optimize(objective, n_trials=8, catch=(ValueError,))
    (mirror,) = mirrors(client, name)
    states = [t.state.value for t in mirror.trials]
    assert states == ["completed", "pruned", "failed", "completed", "pruned", "failed", "infeasible", "pruned"]
    pruned = mirror.trial(2)
    assert pruned.metrics == {"value_0": 7.0} and pruned.step == 4


def test_hyperband_sees_its_brackets_only_and_hone_sees_all(client, name):
    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        for step in range(1, 10):
            trial.report(x + 1 / step, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return x

    pruner = optuna.pruners.HyperbandPruner(min_resource=1, max_resource=9)
    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name), pruner=pruner)
    study.optimize(objective, n_trials=12)
    (mirror,) = mirrors(client, name)
    counts = mirror.read().trial_counts
    assert counts["completed"] == len(study.get_trials(states=[optuna.trial.TrialState.COMPLETE]))
    assert counts["completed"] + counts["pruned"] == 12
    # The first was run before the space was known, and is added with its curve.
    first = study.trials[0]
    assert {m.step: m.metrics["value_0"] for m in mirror.trial(1).measurements} == first.intermediate_values


def test_long_curves_are_added_in_part_with_their_end(client, name):
    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name))
    steps = {step: 1 / (step + 1) for step in range(2_501)}
    study.add_trial(
        optuna.trial.create_trial(
            params={"x": 0.5},
            distributions={"x": FloatDistribution(0, 1)},
            value=0.25,
            intermediate_values=steps,
        )
    )
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    (mirror,) = mirrors(client, name)
    added = next(t for t in mirror.trials if t.value == 0.25)
    curve = mirror.trial(added.number).measurements
    assert 800 < len(curve) <= 1_000 and curve[-1].step == 2_500
    assert all(m.metrics["value_0"] == steps[m.step] for m in curve)


def test_enqueued_and_added_trials_are_learned_from(client, name):
    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name))
    distributions = {
        "x": FloatDistribution(-5, 5),
        "k": IntDistribution(1, 8),
        "c": CategoricalDistribution(["a", "b"]),
    }
    study.add_trial(
        optuna.trial.create_trial(params={"x": 1.0, "k": 2, "c": "b"}, distributions=distributions, value=3.0)
    )
    study.enqueue_trial({"x": 2.0, "k": 1, "c": "b"})
    study.enqueue_trial({"x": 0.5})
    study.optimize(quadratic, n_trials=5)
    (mirror,) = mirrors(client, name)
    assert study.trials[1].params == {"x": 2.0, "k": 1, "c": "b"} and study.trials[2].params["x"] == 0.5
    assert sorted(t.value for t in mirror.trials) == sorted(t.value for t in study.trials)
    assert sum(t.origin["tuner"] == "user" for t in mirror.trials) == 2
    assert [t.origin.get("fixed") for t in mirror.trials if "fixed" in t.origin] == [["x"]]
    assert mirror.read().trial_counts["running"] == 0


def test_what_another_sampler_has_fixed_is_left_out(client, name):
    space = {"x": FloatDistribution(-5, 5), "k": IntDistribution(1, 8), "c": CategoricalDistribution(["a", "b"])}
    sampler = HoneSampler(client, search_space=space, study_prefix=name)
    study = optuna.create_study(sampler=optuna.samplers.PartialFixedSampler({"k": 3}, sampler))
    study.optimize(quadratic, n_trials=4)
    assert {t.params["k"] for t in study.trials} == {3}
    (mirror,) = mirrors(client, name)
    assert set(mirror.space) == {"x", "c"} and mirror.read().trial_counts["completed"] == 4


def test_other_values_than_proposed_are_learned_from_as_they_were(client, name):
    # The objective asks for a narrower range than was given, so that Optuna draws what lies outside of it anew.
    def objective(trial):
        return trial.suggest_float("x", 0.0, 0.2)

    space = {"x": FloatDistribution(0, 1)}
    sampler = HoneSampler(client, search_space=space, study_prefix=name, warn_independent_sampling=False)
    study = optuna.create_study(sampler=sampler)
    study.optimize(objective, n_trials=6)
    (mirror,) = mirrors(client, name)
    completed = sorted(t.value for t in mirror.iter_trials("completed"))
    # The last one is added when the next proposal is asked for, if it was drawn anew.
    assert set(completed) >= {t.value for t in study.trials[:-1]}
    assert {t.reason for t in mirror.iter_trials("failed")} == {"Optuna took other values."}


def test_several_objectives(client, name):
    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        return x, 1 - x

    sampler = HoneSampler(client, study_prefix=name)
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=sampler)
    study.optimize(objective, n_trials=6)
    (mirror,) = mirrors(client, name)
    assert mirror.directions == ("minimize", "maximize")
    assert len(mirror.best_trials) == len(study.best_trials)


def test_threads_share_a_sampler(client, name):
    barrier = threading.Barrier(2, timeout=30)

    def objective(trial):
        value = quadratic(trial)
        barrier.wait()
        return value

    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name, lease_seconds=5))
    study.optimize(objective, n_trials=12, n_jobs=2)
    last = max(mirrors(client, name), key=lambda mirror: len(mirror.trials))
    # The two first ones were drawn by Optuna; all are known to Hone once the next proposal is asked for.
    study.optimize(quadratic, n_trials=1)
    assert sorted(t.value for t in last.trials) == sorted(t.value for t in study.trials)


def test_one_process_asks_and_another_tells(client, name, tmp_path):
    storage = f"sqlite:///{tmp_path}/optuna.db"
    space = {"x": FloatDistribution(0, 1)}

    def load():
        sampler = HoneSampler(client, search_space=space, lease_seconds=None)
        return optuna.create_study(storage=storage, study_name="shared", sampler=sampler, load_if_exists=True)

    numbers = []
    for _ in range(4):
        trial = load().ask()
        trial.suggest_float("x", 0, 1)
        numbers.append(trial.number)
        load().tell(trial.number, 0.5 + trial.number)
    study = load()
    (mirror,) = mirrors(client, study.system_attrs["hone:name"] if hasattr(study, "system_attrs") else "optuna-shared-")
    assert [t.value for t in mirror.trials] == [0.5 + n for n in numbers]
    assert {t.origin["tuner"] for t in mirror.trials} == {"bayesian"}


def test_processes_share_a_study_of_optuna(server, client, name, tmp_path):
    storage = f"sqlite:///{tmp_path}/optuna.db"
    optuna.create_study(storage=storage, study_name="shared", direction="minimize")
    program = textwrap.dedent(f"""
        import optuna, time
        from hone_client.optuna import HoneSampler
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = HoneSampler({server.url!r}, study_prefix={name!r}, warn_independent_sampling=False)
        study = optuna.load_study(storage={storage!r}, study_name="shared", sampler=sampler)
        study.optimize(lambda trial: time.sleep(0.1) or trial.suggest_float("x", 0, 1), n_trials=6)
    """)
    workers = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    try:
        assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    study = optuna.load_study(storage=storage, study_name="shared", sampler=HoneSampler(client, study_prefix=name))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    (mirror,) = mirrors(client, name)
    assert len(study.trials) == 13
    assert sorted(t.value for t in mirror.trials) == sorted(t.value for t in study.trials)


def test_a_sampler_is_not_pickled(client):
    with pytest.raises(TypeError, match="make one in each process"):
        pickle.dumps(HoneSampler(client))


def test_a_server_that_is_away_for_a_tell_is_told_later(own_server, name, caplog):
    from hone_client import RetryPolicy

    port = int(own_server.url.rsplit(":", 1)[1])
    client = Client(own_server.url, token="", retries=RetryPolicy(attempts=2, first_wait=0.01))
    study = optuna.create_study(
        sampler=HoneSampler(client, search_space={"x": FloatDistribution(0, 1)}, study_prefix=name)
    )

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        if trial.number == 1:
            own_server.stop()
        return x

    study.optimize(objective, n_trials=2)
    assert "not told yet" in caplog.text
    own_server.start(port)
    study.optimize(objective, n_trials=2)
    (mirror,) = mirrors(client, name)
    assert [t.value for t in mirror.trials] == [t.value for t in study.trials]
    client.close()


def test_what_hone_does_not_know_is_said(client, name, caplog):
    study = optuna.create_study(
        sampler=HoneSampler(client, search_space={"x": FloatDistribution(0, 1)}, study_prefix=name)
    )
    with caplog.at_level(logging.WARNING, "hone_client"):
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_float("z", 0, 1), n_trials=2)
    assert '"z"' in caplog.text


def test_a_small_space_may_be_tried_out(client, name):
    study = optuna.create_study(sampler=HoneSampler(client, study_prefix=name))
    study.optimize(lambda trial: float(trial.suggest_int("k", 0, 2)), n_trials=8)
    assert len(study.trials) == 8 and study.best_value == 0
