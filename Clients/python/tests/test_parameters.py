import math

import pytest

from hone_client import Boolean, Categorical, Float, Integer, InvalidInputError, Ordinal, SearchSpace


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: Float(1, 0), "low"),
        (lambda: Float(0, 1, log=True), "log scale"),
        (lambda: Float(0, math.inf), "high"),
        (lambda: Float(0, math.nan), "high"),
        (lambda: Float(0, 1, step=0), "step"),
        (lambda: Float(1, 2, log=True, step=0.5), "step"),
        (lambda: Float(0, 1, size=0), "size"),
        (lambda: Float(0, 1, default=2), "default"),
        (lambda: Float(0, 1, size=2, default=[0.5]), "default"),
        (lambda: Float(0, True), "high"),
        (lambda: Integer(0, 2.5), "high"),
        (lambda: Integer(0, 2**60), "high"),
        (lambda: Integer(0, 8, log=True), "log scale"),
        (lambda: Integer(1, 8, log=True, step=2), "step"),
        (lambda: Integer(0, 8, step=3, default=4), "steps of 3"),
        (lambda: Boolean(default=1), "default"),
        (lambda: Categorical([]), "choices"),
        (lambda: Categorical("abc"), "choices"),
        (lambda: Categorical([1, 1.0]), "twice"),
        (lambda: Categorical([None]), "None"),
        (lambda: Categorical(["a"], default="b"), "default"),
        (lambda: Ordinal([1, math.nan]), "values"),
        (lambda: Float(0, 1, when={}), "when"),
        (lambda: Float(0, 1, when={"a": "b"}), "when/a"),
    ],
)
def test_a_declaration_that_the_contract_refuses_is_refused_before_it_is_sent(make, where):
    with pytest.raises(InvalidInputError, match=where):
        make()


def test_true_and_one_are_different_choices():
    parameter = Categorical([True, 1, "1", 2.5])
    assert parameter.read(True) is True
    assert parameter.read(1) == 1 and parameter.read(1) is not True
    assert parameter.refusal(False) is not None


def test_values_come_back_in_the_declared_type():
    # JSON of the server writes 64.0 as 64.
    assert isinstance(Float(0, 1).read(1), float)
    assert Float(0, 1, size=2).read([0, 1]) == [0.0, 1.0]
    assert isinstance(Integer(0, 8).read(4.0), int)
    assert isinstance(Categorical([1.5, 2.0]).read(2), float)


def test_a_space_is_a_mapping_or_the_contracts_list():
    mapping = SearchSpace({"x": Float(0, 1, log=False), "k": {"type": "int", "low": 1, "high": 3}})
    listed = SearchSpace(mapping.to_json())
    assert listed.to_json() == mapping.to_json()
    assert listed["k"] == Integer(1, 3)


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({}, "at least one"),
        ({"-x": Float(0, 1)}, "name"),
        ({"x": 3}, "parameters/x"),
        ({"x": {"type": "real"}}, "parameters/x: type"),
        ({"x": {"type": "float", "low": 0, "high": 1, "lgo": True}}, "lgo"),
        ([{"name": "x", "type": "bool"}, {"name": "x", "type": "bool"}], "twice"),
        ({"x": Float(0, 1, when={"y": [1]})}, "no such parameter"),
        ({"x": Float(0, 1), "y": Float(0, 1, when={"x": [1]})}, "real-valued"),
        ({"c": Categorical(["a"]), "y": Float(0, 1, when={"c": ["b"]})}, "must be one of"),
        ({"a": Boolean(when={"b": [True]}), "b": Boolean(when={"a": [True]})}, "depends on itself"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(parameters, where):
    with pytest.raises(InvalidInputError, match=where):
        SearchSpace(parameters)


SPACE = SearchSpace(
    {
        "optimizer": Categorical(["sgd", "adam"]),
        "momentum": Float(0, 0.9, when={"optimizer": ["sgd"]}),
        "nesterov": Boolean(when={"optimizer": ["sgd"]}),
        "damping": Float(0, 1, when={"nesterov": [True]}),
        "layers": Integer(2, 8, step=2),
    }
)


def test_conditions_reach_to_any_depth():
    assert SPACE.active({"optimizer": "adam"}) == {"optimizer", "layers"}
    assert SPACE.active({"optimizer": "sgd", "nesterov": False}) == {"optimizer", "momentum", "nesterov", "layers"}
    assert "damping" in SPACE.active({"optimizer": "sgd", "nesterov": True})
    # The grandparent decides, too, whatever value is left over.
    assert "damping" not in SPACE.active({"optimizer": "adam", "nesterov": True})


@pytest.mark.parametrize(
    ("point", "where"),
    [
        ({"optimizer": "adam"}, "p/layers: is missing"),
        ({"optimizer": "adam", "layers": 3}, "p/layers.*steps of 2"),
        ({"optimizer": "adam", "layers": 2, "momentum": 0.5}, "p/momentum: is inactive"),
        ({"optimizer": "rms", "layers": 2}, "p/optimizer: must be one of"),
        ({"optimizer": "adam", "layers": 2, "width": 2}, "p/width: there is no such parameter"),
        ({"optimizer": "adam", "layers": True}, "p/layers"),
    ],
)
def test_a_point_outside_the_space_is_refused(point, where):
    with pytest.raises(InvalidInputError, match=where):
        SPACE.write(point, "p")


def test_scalars_of_numpy_are_taken():
    numpy = pytest.importorskip("numpy")
    point = SearchSpace({"x": Float(0, 1), "k": Integer(0, 4), "b": Boolean(), "v": Float(0, 1, size=2)}).write(
        {"x": numpy.float32(0.5), "k": numpy.int64(3), "b": numpy.bool_(True), "v": numpy.array([0.0, 1.0])}
    )
    assert point == {"x": 0.5, "k": 3, "b": True, "v": [0.0, 1.0]}
    assert [type(point[name]) for name in "xkb"] == [float, int, bool]
