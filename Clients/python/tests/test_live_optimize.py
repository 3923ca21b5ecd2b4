"""The loop of ask, evaluate and tell on a real server."""

import math
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from hone_client import (
    Client,
    Float,
    RetryPolicy,
    SpaceMismatchError,
    Study,
    Trial,
    TrialInfeasible,
    TrialPruned,
    TrialState,
)

X = {"x": Float(-1, 1)}


def test_an_objective_is_optimised(client, name):
    study = client.create_study(name, X, direction="minimize", tuner={"name": "bayesian", "seed": 3})
    study.optimize(lambda trial: (trial.suggest_float("x", -1, 1) - 0.3) ** 2, n_trials=12)
    assert len(study.trials) == 12
    # Random points would be this good in fewer than 1 of 10 runs; the seed makes the run always the same.
    assert study.best_value < 1e-3


def test_threads_evaluate_side_by_side(client, name, collected):
    study = client.create_study(name, X, direction="minimize", tuner="random", budget={"max_trials": 10})
    barrier = threading.Barrier(2, timeout=60)

    def objective(trial):
        barrier.wait()
        return trial.params["x"]

    study.optimize(objective, n_jobs=2, callbacks=[lambda study, trial: collected.append(trial.number)])
    assert sorted(collected) == list(range(1, 11))
    assert study.read().trial_counts["completed"] == 10


def test_every_end_of_an_objective(client, name):
    study = client.create_study(name, X, objectives={"loss": "minimize"}, tuner="random")
    ends = iter(
        [
            lambda: 1.0,
            lambda: {"loss": 2.0, "epochs": 3},
            lambda: math.nan,
            lambda: None,
            lambda: exec("raise ValueError('odd')"),
            lambda: (_ for _ in ()).throw(TrialPruned()),
            lambda: (_ for _ in ()).throw(TrialInfeasible("no mesh")),
        ]
    )
    study.optimize(lambda trial: next(ends)(), n_trials=7, catch=ValueError)
    states = [(t.state.value, t.reason) for t in study.trials]
    assert states == [
        ("completed", None),
        ("completed", None),
        ("failed", "not_finite"),
        ("failed", "The objective answered None."),
        ("failed", "ValueError: odd"),
        ("pruned", "user"),
        ("infeasible", "no mesh"),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_that_is_not_caught_ends_the_loop(client, name, jobs):
    study = client.create_study(name, X, direction="minimize")

    def objective(trial):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        study.optimize(objective, n_trials=50, n_jobs=jobs)
    assert study.trials[0].state is TrialState.FAILED and "broken" in study.trials[0].reason
    assert len(study.trials) <= jobs


def test_what_is_no_result_fails_the_trial_and_ends_the_loop(client, name):
    study = client.create_study(name, X, direction="minimize")
    with pytest.raises(ValueError, match="must be a number"):
        study.optimize(lambda trial: "0.5", n_trials=3)
    assert study.trials[0].state is TrialState.FAILED
    with pytest.raises(SpaceMismatchError):
        study.optimize(lambda trial: trial.suggest_float("y", 0, 1), n_trials=3)


def test_pruning(client, name, collected):
    study = client.create_study(
        name, X, direction="minimize", tuner={"name": "random", "seed": 1}, stopping={"name": "asha", "max_resource": 9}
    )

    def objective(trial):
        for step in range(1, 10):
            value = trial.params["x"] ** 2 + 1 / step
            trial.report(value, step)
            if trial.should_prune():
                collected.append(trial.number)
                raise TrialPruned
        return value

    study.optimize(objective, n_trials=15)
    pruned = [t for t in study.trials if t.state is TrialState.PRUNED]
    assert 0 < len(pruned) < 15 and [t.number for t in pruned] == collected
    assert all(t.metrics and t.step in (1, 3) for t in pruned)


def test_optunas_pruning_is_understood(client, name):
    optuna = pytest.importorskip("optuna")
    study = client.create_study(name, X, direction="minimize")

    def objective(trial):
        raise optuna.TrialPruned

    study.optimize(objective, n_trials=2)
    assert {t.state for t in study.trials} == {TrialState.PRUNED}


def test_it_can_be_stopped_from_within(client, name):
    study = client.create_study(name, X, direction="minimize")

    def after_three(study, trial):
        if trial.number >= 3:
            study.stop()

    study.optimize(lambda trial: 1.0, n_trials=50, callbacks=[after_three])
    assert len(study.trials) == 3


def test_a_timeout_begins_no_further_trial(client, name):
    study = client.create_study(name, X, direction="minimize")
    study.optimize(lambda trial: time.sleep(0.1) or 1.0, timeout=0.35)
    assert 1 <= len(study.trials) <= 4


def test_long_trials_keep_their_leases(client, name):
    study = client.create_study(name, X, direction="minimize")
    study.optimize(lambda trial: time.sleep(2.5) or 1.0, n_trials=2, n_jobs=2, lease_seconds=1.5)
    assert [(t.state.value, t.lost_leases) for t in study.trials] == [("completed", 0)] * 2


def test_a_trial_that_was_lost_is_passed_over(client, name, caplog):
    study = client.create_study(name, X, direction="minimize")

    def objective(trial):
        if trial.number == 1 and trial.record.attempt == 1:
            # Somebody ends the trial behind the worker's back.
            study.tell(trial.number, 7.0)
        return 1.0

    study.optimize(objective, n_trials=2)
    assert [t.value for t in study.trials] == [7.0, 1.0]
    assert "not taken" in caplog.text


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_gives_the_trials_back(server, client, name, jobs):
    study = client.create_study(name, X, direction="minimize")
    program = textwrap.dedent(f"""
        import signal, time
        from hone_client import Client
        # Where the tests run in the background of a shell, it is ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with Client({server.url!r}) as client:
            client.study({name!r}).optimize(lambda trial: time.sleep(60), n_jobs={jobs})
    """)
    worker = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while study.read().trial_counts["running"] < jobs and time.monotonic() < deadline:
            time.sleep(0.05)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=20) != 0
    finally:
        worker.kill()
        worker.wait()
    assert [(t.state.value, t.reason, t.lost_leases) for t in study.trials] == [("waiting", "preempted", 0)] * jobs


def test_ctrl_c_while_a_trial_is_asked_for_gives_it_back(client, name, monkeypatch):
    study = client.create_study(name, X, direction="minimize")
    ask = Study.ask_many

    def interrupted(study, *arguments, **options):
        ask(study, *arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Study, "ask_many", interrupted)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(lambda trial: 1.0)
    assert [(t.state, t.reason) for t in study.trials] == [(TrialState.WAITING, "preempted")]


def test_a_trial_that_arrives_after_the_stop_is_given_back(client, name, monkeypatch):
    study = client.create_study(name, X, direction="minimize")
    ask = Study.ask_many

    def stopping(study, *arguments, **options):
        answer = ask(study, *arguments, **options)
        study.stop()
        return answer

    monkeypatch.setattr(Study, "ask_many", stopping)
    study.optimize(lambda trial: 1.0, n_jobs=2)
    assert {t.state for t in study.trials} == {TrialState.WAITING}


def test_ctrl_c_while_a_result_is_told_does_not_lose_it(client, name, monkeypatch):
    study = client.create_study(name, X, direction="minimize")
    tell, interruptions = Trial.tell_result, iter([KeyboardInterrupt])

    def interrupted(trial, result):
        for interruption in interruptions:
            raise interruption
        return tell(trial, result)

    monkeypatch.setattr(Trial, "tell_result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(lambda trial: 1.0)
    assert [(t.state, t.value) for t in study.trials] == [(TrialState.COMPLETED, 1.0)]


def test_a_named_worker_gets_its_own_trial_back(client, name):
    study = client.create_study(name, X, direction="minimize")
    held = study.ask(worker="node-3-0", lease_seconds=60)
    study.optimize(lambda trial: float(trial.number), n_trials=1, worker="node-3")
    assert study.trial(held.number).state is TrialState.COMPLETED


def test_a_server_that_is_killed_and_comes_back_costs_no_trial(own_server, name):
    port = int(own_server.url.rsplit(":", 1)[1])
    with Client(own_server.url, token="", retries=RetryPolicy(attempts=30, first_wait=0.1, longest_wait=0.3)) as client:
        study = client.create_study(name, X, direction="minimize", budget={"max_trials": 12})

        def objective(trial):
            if trial.number == 4:
                own_server.kill()
                threading.Timer(0.5, own_server.start, [port]).start()
            return trial.params["x"]

        study.optimize(objective)
        assert [(t.number, t.state.value, t.attempt) for t in study.trials] == [
            (n, "completed", 1) for n in range(1, 13)
        ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_has_connections_of_its_own(client, name):
    study = client.create_study(name, X, direction="minimize")
    study.optimize(lambda trial: 1.0, n_trials=2)
    child = os.fork()
    if child == 0:
        try:
            study.optimize(lambda trial: time.sleep(2.5) or 1.0, n_trials=1, lease_seconds=1.5)
            os._exit(0)
        except BaseException:
            os._exit(1)
    study.optimize(lambda trial: 1.0, n_trials=3)
    assert os.waitpid(child, 0)[1] == 0
    assert study.read().trial_counts["completed"] == 6
