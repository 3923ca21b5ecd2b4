import math

import pytest

from hone_client import (
    InvalidInputError,
    Objective,
    OutcomeConstraint,
    Result,
    SearchSpace,
    StudyDefinition,
    TrialState,
)
from hone_client.extended_number import read_metrics, write_metrics

SPACE = SearchSpace({"x": {"type": "float", "low": 0, "high": 1}})
ONE = StudyDefinition("one", SPACE, [Objective("loss", "minimize")])
TWO = StudyDefinition("two", SPACE, [Objective("loss", "minimize"), Objective("speed", "maximize")])
BOUND = StudyDefinition(
    "bound", SPACE, [Objective("loss", "minimize")], outcome_constraints=[OutcomeConstraint("ms", at_most=40)]
)


def test_numbers_that_json_lacks_are_strings_there_and_back():
    written = write_metrics({"a": math.nan, "b": math.inf, "c": -math.inf, "d": 1})
    assert written == {"a": "NaN", "b": "Infinity", "c": "-Infinity", "d": 1.0}
    back = read_metrics(written)
    assert math.isnan(back["a"]) and back["b"] == math.inf and back["c"] == -math.inf


def test_a_number_is_the_value_of_the_only_objective():
    assert Result(0.5).to_json(ONE) == {"metrics": {"loss": 0.5}}
    assert Result((0.5, 3)).to_json(TWO) == {"metrics": {"loss": 0.5, "speed": 3.0}}


def test_other_metrics_may_be_told_as_well():
    told = Result({"loss": 0.5, "epochs": 3}, standard_errors={"loss": 0.1}, step=4).to_json(ONE, "token")
    assert told == {
        "metrics": {"loss": 0.5, "epochs": 3.0},
        "standard_errors": {"loss": 0.1},
        "step": 4,
        "lease_token": "token",
    }


def test_ends_without_values():
    assert Result(state="failed", reason="boom").to_json(ONE) == {"state": "failed", "reason": "boom"}
    assert Result(state=TrialState.PRUNED).to_json(ONE) == {"state": "pruned"}
    assert Result(0.5, state="pruned", step=3).to_json(ONE) == {"state": "pruned", "metrics": {"loss": 0.5}, "step": 3}


@pytest.mark.parametrize(
    ("result", "definition", "where"),
    [
        (Result(), ONE, "missing: loss"),
        (Result({"speed": 1}), TWO, "missing: loss"),
        (Result({"loss": 1}), BOUND, "missing: ms"),
        (Result((1, 2)), ONE, "1 objectives"),
        (Result(1), TWO, "2 objectives"),
        (Result("0.5"), ONE, "must be a number"),
        (Result(True), ONE, "must be a number"),
        (Result({"loss": None}), ONE, "values/loss"),
        (Result(1, state="waiting"), ONE, "state"),
        (Result(1, state="failed"), ONE, "values"),
        (Result(state="failed", checkpoint="c"), ONE, "checkpoint"),
        (Result(1, checkpoint=""), ONE, "checkpoint"),
        (Result(1, reason="why"), ONE, "reason"),
        (Result(state="pruned", step=3), ONE, "step"),
        (Result(1, step=1.5), ONE, "step"),
        (Result(1, standard_errors={"loss": -1}), ONE, "standard_errors/loss"),
        (Result(1, standard_errors={"loss": math.nan}), ONE, "standard_errors/loss"),
    ],
)
def test_a_result_that_the_contract_refuses_is_refused_before_it_is_sent(result, definition, where):
    with pytest.raises(InvalidInputError, match=where):
        result.to_json(definition)


def test_a_tensor_is_a_number():
    torch = pytest.importorskip("torch")
    assert Result(torch.tensor(0.5)).to_json(ONE) == {"metrics": {"loss": 0.5}}
    assert Result(torch.tensor([0.5, 3.0])).to_json(TWO) == {"metrics": {"loss": 0.5, "speed": 3.0}}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "no spaces"},
        {"objectives": []},
        {"objectives": [Objective("a", "minimize"), Objective("a", "maximize")]},
        {"noise": "loud"},
        {"noise": 0},
        {"stopping": {"reduction_factor": 3}},
        {"labels": {"a": "x" * 2000}},
        {"parameter_constraints": "x <= 1"},
    ],
)
def test_a_definition_that_the_contract_refuses_is_refused(change):
    fields = {"name": "n", "space": SPACE, "objectives": [Objective("a", "minimize")], **change}
    with pytest.raises(InvalidInputError):
        StudyDefinition(**fields)


def test_a_definition_survives_json():
    assert StudyDefinition.read(BOUND.to_json()).to_json() == BOUND.to_json()
