"""Studies go from Optuna's storage to Hone and back."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("optuna")

from conftest import BINARY

SCRIPT = Path(__file__).parents[3] / "scripts" / "optuna_round_trip.py"


@pytest.mark.skipif(not BINARY, reason="HONE_BINARY names no executable")
def test_a_study_of_optuna_goes_to_hone_and_back(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("optuna_round_trip", SCRIPT)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.optuna.logging.set_verbosity(script.optuna.logging.CRITICAL)
    told = script.round_trip(BINARY, str(tmp_path), count=120, further=5)
    assert {"COMPLETE", "PRUNED", "FAIL"} <= told["states"].keys()
    assert told["conditions"] == [{"optimizer": ["sgd"]}]
