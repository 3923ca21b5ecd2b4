"""Pruning in the real Keras, on a real server."""

import os

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
numpy = pytest.importorskip("numpy")

from hone_client import Float, InvalidInputError, TrialState  # noqa: E402
from hone_client.keras import PruningCallback  # noqa: E402


def test_hopeless_training_is_pruned(client, name):
    random = numpy.random.default_rng(1)
    x = random.normal(size=(64, 3)).astype("float32")
    y = (x @ numpy.array([1.0, -1.0, 0.5], dtype="float32"))[:, None]
    stopping = {"name": "median", "min_trials": 1, "warmup_steps": 2}
    study = client.create_study(name, {"rate": Float(0, 1)}, direction="minimize", tuner="random", stopping=stopping)
    study.enqueue([{"rate": 0.1}, {"rate": 0.0}])

    def objective(trial):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(trial.params["rate"]), "mse")
        history = model.fit(
            x, y, validation_data=(x, y), epochs=4, verbose=0, callbacks=[PruningCallback(trial, "val_loss")]
        )
        return history.history["val_loss"][-1]

    study.optimize(objective, n_trials=2)
    good, bad = (study.trial(number) for number in (1, 2))
    assert good.state is TrialState.COMPLETED and [m.step for m in good.measurements] == [1, 2, 3, 4]
    assert bad.state is TrialState.PRUNED and bad.step == 2

    with pytest.raises(InvalidInputError, match="val_loss"):
        PruningCallback(study.ask(), "val_accuracy").on_epoch_end(0, {"loss": 1.0, "val_loss": 2.0})
