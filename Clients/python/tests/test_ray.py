"""The searcher in the real Ray Tune, on a real server."""

import os
import pickle

import pytest

os.environ.setdefault("RAY_AIR_NEW_OUTPUT", "0")
os.environ.setdefault("RAY_DEDUP_LOGS", "0")
ray = pytest.importorskip("ray")
tune = pytest.importorskip("ray.tune")

from ray.tune.search import Searcher  # noqa: E402

from hone_client import Categorical, Float, Integer, InvalidInputError, TrialState  # noqa: E402
from hone_client.ray import HoneSearch  # noqa: E402
from hone_client.ray.tune_space import tune_space  # noqa: E402

SPACE = {"x": tune.uniform(-1, 1), "net": {"layers": tune.randint(1, 5), "kind": tune.choice(["a", None])}, "fixed": 3}


def test_domains_become_parameters():
    space = tune_space(
        {
            "a": tune.uniform(0, 1), "b": tune.loguniform(1e-4, 1), "c": tune.quniform(0.25, 1, 0.25),
            "d": tune.randint(1, 5), "e": tune.lograndint(1, 65), "f": tune.qrandint(1, 9, 2),
            "g": tune.choice([1, 2]), "h": Float(0, 1, when={"g": [1]}), "i": 3,
        }
    ).space  # fmt: skip
    assert dict(space) == {
        "a": Float(0, 1), "b": Float(1e-4, 1, log=True), "c": Float(0.25, 1.0, step=0.25), "d": Integer(1, 4),
        "e": Integer(1, 64, log=True), "f": Integer(2, 8, step=2), "g": Categorical([1, 2]),
        "h": Float(0, 1, when={"g": [1]}),
    }  # fmt: skip
    for refused in (tune.randn(0, 1), tune.grid_search([1]), tune.qloguniform(2, 8, 2)):
        with pytest.raises(InvalidInputError, match="space"):
            tune_space({"z": refused})


def test_a_searcher_suggests_and_is_told(server, client, name):
    searcher = HoneSearch(
        server.url, SPACE, "loss", "min", study_name=name, token="",
        points_to_evaluate=[{"x": 0.5, "net": {"layers": 2, "kind": None}}],
    )  # fmt: skip
    assert searcher.suggest("t1") == {"x": 0.5, "net": {"layers": 2, "kind": None}}
    searcher.on_trial_result("t1", {"loss": 2.0, "training_iteration": 1})
    searcher.on_trial_complete("t1", {"loss": 1.0, "training_iteration": 2})
    searcher.suggest("t2")
    searcher.on_trial_complete("t2", error=True)
    searcher.suggest("t3")
    searcher.on_trial_complete("t3")
    trials = [client.study(name).trial(n) for n in (1, 2, 3)]
    assert [t.state for t in trials] == [TrialState.COMPLETED, TrialState.FAILED, TrialState.PRUNED]
    assert [m.step for m in trials[0].measurements] == [1]


def test_a_searcher_that_is_restored_tells_what_was_under_way(server, client, name, tmp_path):
    searcher = HoneSearch(server.url, SPACE, "loss", "min", study_name=name, token="")
    searcher.suggest("t1")
    searcher.suggest("t2")
    searcher.save(str(tmp_path / "state"))
    again = HoneSearch(server.url, SPACE, "loss", "min", token="")
    again.restore(str(tmp_path / "state"))
    again.on_trial_complete("t1", {"loss": 1.0, "training_iteration": 2})
    copied = pickle.loads(pickle.dumps(searcher))
    copied.on_trial_complete("t2", {"loss": 0.5, "training_iteration": 2})
    assert [t.value for t in client.study(name).trials] == [1.0, 0.5]


def test_a_budget_ends_the_search(server, client, name):
    searcher = HoneSearch(server.url, {"x": tune.uniform(0, 1)}, "loss", "min", study_name=name, token="")
    client_study = searcher.study
    client_study.finish()
    assert searcher.suggest("t1") == Searcher.FINISHED
    with pytest.raises(InvalidInputError, match="metric and mode"):
        HoneSearch(server.url).suggest("t1")


def test_ray_tune_runs_with_it(server, client, name, tmp_path):
    # Inside of the test, so that Ray's processes get it by value.
    def trainable(config):
        for step in range(1, 3):
            tune.report({"loss": config["x"] ** 2 + config["net"]["layers"] / step})

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        results = tune.Tuner(
            trainable,
            param_space=SPACE,
            tune_config=tune.TuneConfig(
                search_alg=HoneSearch(server.url, study_name=name, token=""),
                metric="loss",
                mode="min",
                num_samples=4,
                reuse_actors=True,
                max_concurrent_trials=2,
            ),
            run_config=tune.RunConfig(storage_path=str(tmp_path), verbose=0),
        ).fit()
        assert len(results) == 4 and not results.errors
        study = client.study(name)
        assert study.read().trial_counts["completed"] == 4
        assert study.best_value == results.get_best_result().metrics["loss"]
        assert all(len(t.measurements) == 2 for t in study.iter_trials(measurements=True))
    finally:
        ray.shutdown()
