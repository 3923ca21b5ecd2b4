"""The example of a self-tuning network: its derivatives against differences, and a training on a real server."""

import importlib
import pathlib
import sys

import pytest

from hone_client import Float

numpy = pytest.importorskip("numpy")
EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "Examples" / "SelfTuning"


@pytest.fixture
def example(monkeypatch):
    """Imports a module of the example."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    for module in ("responding_network", "train"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return importlib.import_module


def test_gradients_are_those_of_differences(example):
    network_of = example("responding_network")
    random = numpy.random.default_rng(3)
    network = network_of.Network([5, 7, 4, 3], 3, seed=2)
    for layer in network.layers:
        layer.parameters["U"] = random.standard_normal(layer.parameters["U"].shape)
        layer.parameters["U'"] = random.standard_normal(layer.parameters["U'"].shape)
        layer.parameters["s"] = numpy.array([0.7])
    x, labels = random.standard_normal((6, 5)), numpy.array([0, 1, 2, 0, 1, 2])
    coordinates = random.standard_normal((6, 3))
    dropouts = network.dropouts(numpy.full((6, 3), 0.3), random)

    def loss():
        return network_of.cross_entropy(network.forward(x, coordinates, dropouts), labels)[0].mean()

    _, slope = network_of.cross_entropy(network.forward(x, coordinates, dropouts), labels)
    checked = [(coordinates, network.backward(slope))]
    for layer in network.layers:
        checked += [(layer.parameters[name], layer.gradients[name]) for name in layer.parameters]
    for array, gradient in checked:
        assert gradient.shape == array.shape
        for index in numpy.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-6
            above = loss()
            array[index] = kept - 1e-6
            below = loss()
            array[index] = kept
            assert (above - below) / 2e-6 == pytest.approx(gradient[index], rel=1e-5, abs=1e-8)


def test_each_example_has_its_own_dropout_and_keeps_its_mean(example):
    network = example("responding_network").Network([400, 2], 1, seed=1)
    (mask,) = network.dropouts(numpy.array([[0.0], [0.5], [0.9]]), numpy.random.default_rng(1))
    assert (mask[0] == 1).all()
    assert set(mask[1]) == {0.0, 2.0}
    # 400 draws of variance 9: beyond 5 standard deviations of 0.15 less than once in a million; the seed is fixed.
    assert abs(mask[2].mean() - 1) < 0.75


def test_a_training_that_was_stopped_goes_on_from_its_weights(
    example, server, client, name, tmp_path, monkeypatch, capsys
):
    train = example("train")
    study = client.create_study(
        name,
        {f"dropout_{index}": Float(0.0, 0.9, default=0.05 + 0.05 * index) for index in range(3)},
        objectives={"loss": "minimize"},
        tuner={"name": "self_tuning", "max_steps": 6, "warm_up_steps": 20, "rate": 0.1},
    )
    monkeypatch.setenv("HONE_SERVER", server.url)
    common = ["train.py", name, "--rows", "60", "--hidden", "8", "--folder", str(tmp_path / "weights")]
    for more in (["--turns", "3"], []):
        monkeypatch.setattr(sys, "argv", common + more)
        train.main()
    assert "tuner_finished" in capsys.readouterr().out
    trials = study.trials
    assert len(trials) == 7 and not any(trial.oracle["reset"] for trial in trials if "reset" in trial.oracle)
    assert [trial.request.get("warm_from") for trial in trials] == [None, 1, 2, 3, 4, 5, 6]
    assert trials[0].request["validation_steps"] == 0
    assert trials[-1].params != trials[1].params
    assert study.schedule()["steps"] >= 20
