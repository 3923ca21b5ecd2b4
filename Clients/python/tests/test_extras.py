"""What is said where a package is not installed."""

import importlib
import sys

import pytest

from hone_client import MissingExtraError

EXTRAS = {
    "optuna": "optuna",
    "ray": "ray.tune",
    "sklearn": "sklearn",
    "keras": "keras",
    "xgboost": "xgboost",
    "mlflow": "mlflow",
}


@pytest.mark.parametrize(("extra", "module"), EXTRAS.items())
def test_a_missing_package_is_named_with_what_to_do(monkeypatch, extra, module):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"hone_client.{extra}", raising=False)
    with pytest.raises(MissingExtraError, match=rf"pip install 'hone-client\[{extra}\]'"):
        importlib.import_module(f"hone_client.{extra}")
    assert issubclass(MissingExtraError, ImportError)


def test_lightning_is_looked_for_under_both_names(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightning.pytorch", None)
    monkeypatch.setitem(sys.modules, "pytorch_lightning", None)
    monkeypatch.delitem(sys.modules, "hone_client.lightning", raising=False)
    with pytest.raises(MissingExtraError, match="lightning"):
        importlib.import_module("hone_client.lightning")


def test_the_client_itself_needs_nothing(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] in ("hone_client", "numpy", "optuna")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("numpy", "optuna", "pandas"):
        monkeypatch.setitem(sys.modules, name, None)
    importlib.import_module("hone_client")
