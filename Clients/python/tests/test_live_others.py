"""Populations, oracles, events and access on a real server."""

import math
import threading

import pytest

from hone_client import (
    Client,
    Float,
    ForbiddenError,
    HoneError,
    InvalidInputError,
    RefusedInputError,
    Result,
    RetryPolicy,
    TrialState,
    UnauthenticatedError,
)
from hone_client.pruning import report_or_prune

RATE = {"rate": Float(1e-3, 1.0, log=True)}


def test_population_based_training_in_segments(client, name):
    study = client.create_study(
        name,
        RATE,
        objectives={"score": "maximize"},
        tuner={"name": "population_based", "population_size": 4, "interval": 5, "max_steps": 20, "seed": 1},
    )
    states = {}

    def objective(trial):
        weight = 0.0 if trial.checkpoint_in is None else states[trial.checkpoint_in]
        assert (trial.checkpoint_in is None) == (trial.step_from == 0)
        for _ in range(trial.step_from, trial.step_to):
            weight += trial.params["rate"]
        trial.checkpoint_out = f"memory:{trial.number}"
        states[trial.checkpoint_out] = weight
        return Result({"score": weight}, step=trial.step_to)

    study.optimize(objective)
    # A member that goes on from a better one takes over its steps, so there may be fewer than 4 times 4 parts.
    assert 4 <= study.read().trial_counts["completed"] <= 16
    assert study.schedule()["steps"] == 20
    collectable = [c.name for c in study.checkpoints() if c.state == "collectable"]
    if collectable:
        study.note_deleted_checkpoints(collectable)
        assert {c.state for c in study.checkpoints() if c.name in collectable} == {"deleted"}
    pinned = next(c.name for c in study.checkpoints() if c.state == "pinned")
    with pytest.raises(RefusedInputError):
        study.note_deleted_checkpoints([pinned])


def test_callbacks_count_the_steps_of_the_whole_training(client, name):
    tuner = {"name": "population_based", "population_size": 2, "interval": 3, "max_steps": 6}
    study = client.create_study(name, RATE, direction="minimize", tuner=tuner)

    def objective(trial):
        for step in range(1, 4):
            report_or_prune(trial, 1.0, step)
        trial.checkpoint_out = f"memory:{trial.number}"
        return 1.0

    study.optimize(objective)
    steps = {t.resume.step_from: [m.step for m in t.measurements] for t in study.iter_trials(measurements=True)}
    assert steps == {0: [1, 2, 3], 3: [4, 5, 6]}


def test_callbacks_refuse_to_go_on_from_other_states(client, name):
    tuner = {"name": "population_based", "population_size": 4, "interval": 1, "max_steps": 30, "long_lived": True}
    study = client.create_study(name, RATE, direction="minimize", tuner={**tuner, "seed": 1})
    bad, *good = study.ask_many(4)
    with pytest.raises(HoneError, match="long_lived"):
        for step in range(1, 30):
            for trial in good:
                trial.report(1.0, step, checkpoint=f"memory:{trial.number}:{step}")
            # A member that has failed is the first to go on from another one.
            report_or_prune(bad, math.nan, step)


def test_a_part_of_a_training_needs_its_checkpoint(client, name):
    study = client.create_study(name, RATE, direction="minimize", tuner="population_based")
    with pytest.raises(RefusedInputError, match="checkpoint"):
        study.ask().tell(1.0)


def test_long_lived_members_exploit(client, name):
    study = client.create_study(
        name,
        RATE,
        direction="maximize",
        tuner={
            "name": "population_based", "population_size": 4, "interval": 1, "max_steps": 30,
            "long_lived": True, "seed": 2,
        },
    )  # fmt: skip
    trials = list(study.ask_many(4))
    weights = dict.fromkeys((t.number for t in trials), 0.0)
    states, exploited = {}, 0
    for step in range(1, 30):
        for trial in trials:
            weights[trial.number] += trial.params["rate"]
            checkpoint = f"memory:{trial.number}:{step}"
            states[checkpoint] = weights[trial.number]
            decision = trial.report(weights[trial.number], step, checkpoint=checkpoint)
            if decision.exploits:
                exploited += 1
                assert decision.from_trial != trial.number and trial.params == decision.parameters
                weights[trial.number] = states[trial.checkpoint_in]
    assert exploited > 0


def test_oracle_requests_are_answered(client, name):
    study = client.create_study(
        name, {"penalty": Float(-5, 5, size=2)}, direction="minimize", tuner={"name": "hypergradient", "seed": 1}
    )

    def objective(trial):
        p = trial.params["penalty"]
        found = {"z": [2 * (v - 1) for v in p], "grad_g_norm": 0.0, "eps_hat": 0.0, "delta_hat": 0.0}
        needed = {key: value for key, value in found.items() if key in trial.request["needs"]}
        return Result(oracle={"g": sum((v - 1) ** 2 for v in p), **needed})

    study.optimize(objective, n_trials=8)
    assert study.read().trial_counts["completed"] >= 2
    assert study.best_trial.interval is not None
    assert study.best_value < 1e-6 < study.trials[0].value


def test_events_are_followed_while_they_happen(client, name):
    study = client.create_study(name, RATE, direction="minimize")
    seen = []

    def follow():
        for event in study.events(after=0):
            seen.append((event.sequence, event.kind, event.trial))
            if len(seen) == 4:
                return

    follower = threading.Thread(target=follow)
    follower.start()
    study.optimize(lambda trial: 1.0, n_trials=2)
    follower.join(20)
    assert seen == [(1, "started", 1), (2, "completed", 1), (3, "started", 2), (4, "completed", 2)]


def test_events_end_with_the_study(client, name):
    study = client.create_study(name, RATE, direction="minimize")
    study.ask()
    events = study.events(after=0)
    assert next(events).kind == "started"
    threading.Timer(0.2, study.delete).start()
    assert [event.kind for event in events] == []


def test_events_survive_a_restart(own_server, name):
    port = int(own_server.url.rsplit(":", 1)[1])
    with Client(own_server.url, token="", retries=RetryPolicy(first_wait=0.1)) as client:
        study = client.create_study(name, RATE, direction="minimize")
        study.ask().tell(1.0)
        events = study.events(after=0)
        assert [next(events).sequence for _ in range(2)] == [1, 2]
        own_server.stop()
        own_server.start(port)
        study.ask().tell(2.0)
        assert [next(events).sequence for _ in range(2)] == [3, 4]
        events.close()


def test_access_tokens(own_server, name):
    with Client(own_server.url, token="") as client:
        admin = client.create_token("me", ["read", "work", "write", "admin"])
        with pytest.raises(UnauthenticatedError):
            client.tuners()
    with Client(own_server.url, token=admin["token"]) as client:
        study = client.create_study(name, RATE, direction="minimize")
        worker = client.create_token("node", ["work"], study_prefix="study-")
        with Client(own_server.url, token=worker["token"]) as other:
            other.study(name).optimize(lambda trial: 1.0, n_trials=1)
            with pytest.raises(ForbiddenError):
                other.delete_study(name)
        assert study.trials[0].state is TrialState.COMPLETED
        assert [token["name"] for token in client.tokens()] == ["me", "node"]
        client.revoke_token(worker["id"])
        assert {entry["action"] for entry in client.audit()} >= {"token_created", "study_created", "token_revoked"}
    with pytest.raises(InvalidInputError, match="token"):
        Client(own_server.url, token="two words")


def test_the_command_and_the_client_see_the_same(server, client, name):
    study = client.create_study(name, RATE, direction="minimize")
    study.optimize(lambda trial: trial.params["rate"], n_trials=3)
    assert str(study.best_trial.number) in server.command("best", name)
