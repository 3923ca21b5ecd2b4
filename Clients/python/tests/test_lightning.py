"""Pruning in the real PyTorch Lightning, on a real server."""

import logging
import warnings

import pytest

torch = pytest.importorskip("torch")
lightning = pytest.importorskip("lightning.pytorch")

from hone_client import Float, InvalidInputError, TrialState  # noqa: E402
from hone_client.lightning import PruningCallback  # noqa: E402

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Line(lightning.LightningModule):
    def __init__(self, rate):
        super().__init__()
        torch.manual_seed(1)
        self.layer = torch.nn.Linear(2, 1)
        self.rate = rate

    def loss(self, batch):
        x, y = batch
        return torch.nn.functional.mse_loss(self.layer(x), y)

    def training_step(self, batch, index):
        return self.loss(batch)

    def validation_step(self, batch, index):
        self.log("val_loss", self.loss(batch))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), self.rate)


def loader():
    x = torch.randn(32, 2, generator=torch.Generator().manual_seed(1))
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x.sum(1, keepdim=True)), batch_size=16)


def fit(trial, monitor="val_loss"):
    trainer = lightning.Trainer(
        max_epochs=4, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, callbacks=[PruningCallback(trial, monitor)],
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer.fit(Line(trial.params["rate"]), loader(), loader())
    return float(trainer.callback_metrics["val_loss"])


def test_hopeless_training_is_pruned(client, name):
    stopping = {"name": "median", "min_trials": 1, "warmup_steps": 2}
    study = client.create_study(name, {"rate": Float(0, 1)}, direction="minimize", tuner="random", stopping=stopping)
    study.enqueue([{"rate": 0.2}, {"rate": 0.0}])
    study.optimize(fit, n_trials=2)
    good, bad = (study.trial(number) for number in (1, 2))
    assert good.state is TrialState.COMPLETED and [m.step for m in good.measurements] == [1, 2, 3, 4]
    assert good.value == good.measurements[-1].metrics["value"]
    assert bad.state is TrialState.PRUNED and bad.step == 2

    with pytest.raises(InvalidInputError, match="val_loss"):
        fit(study.ask(), "val_accuracy")
