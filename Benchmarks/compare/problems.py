"""The problems. All are minimised; every one is a function of its parameters alone.

A problem never changes once results of it are kept: a change gets a new name.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import warnings
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from space import Categorical, Float, Int, Parameter


@dataclasses.dataclass(frozen=True)
class Problem:
    """A function to minimise.

    `optimum` is the least value where it is known exactly. With `noise`, what an optimiser is told has normal noise of
    that standard deviation, and what counts is the value without it.
    """

    name: str
    group: str
    parameters: Sequence[Parameter]
    function: Callable[[Mapping[str, Any]], float]
    optimum: float | None = None
    noise: float = 0.0


# --- Standard functions -----------------------------------------------------------------------------------------------


def rotation(dimension: int, seed: int) -> np.ndarray:
    """A rotation drawn uniformly, with the signs fixed so that it does not depend on the linear algebra library."""
    q, r = np.linalg.qr(np.random.default_rng([7, seed, dimension]).standard_normal((dimension, dimension)))
    return q * np.sign(np.diag(r))


def shift(dimension: int, seed: int) -> np.ndarray:
    """Where the optimum lies in [−1, 1]^d: in every coordinate between 0.15 and 0.7 away from the centre."""
    random = np.random.default_rng([11, seed, dimension])
    return random.uniform(0.15, 0.7, dimension) * random.choice([-1.0, 1.0], dimension)


def sphere(z):
    return float(z @ z)


def ellipsoid(z):
    return float(10.0 ** np.linspace(0, 3, len(z)) @ z**2)


def ackley(z):
    first = -20 * math.exp(-0.2 * math.sqrt(z @ z / len(z)))
    return first - math.exp(np.mean(np.cos(2 * np.pi * z))) + 20 + math.e


def rastrigin(z):
    return float(10 * len(z) + np.sum(z**2 - 10 * np.cos(2 * np.pi * z)))


def griewank(z):
    return float(z @ z / 4000 - np.prod(np.cos(z / np.sqrt(np.arange(1, len(z) + 1)))) + 1)


def rosenbrock_at_zero(z):
    x = z + 1
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def levy_at_zero(z):
    w = 1 + z / 4
    middle = np.sum((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2))
    return float(np.sin(np.pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2))


STYBLINSKI_OPTIMUM_X = -2.9035340277711771
STYBLINSKI_OPTIMUM = -39.166165703771419


def styblinski_tang_at_zero(z):
    x = z + STYBLINSKI_OPTIMUM_X
    return float(np.sum(x**4 - 16 * x**2 + 5 * x) / 2 - len(z) * STYBLINSKI_OPTIMUM)


def michalewicz(x):
    return float(-np.sum(np.sin(x) * np.sin(np.arange(1, len(x) + 1) * x**2 / np.pi) ** 20))


def branin(x):
    a, b = x
    return (b - 5.1 / (4 * math.pi**2) * a**2 + 5 / math.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


def goldstein_price(x):
    a, b = x
    first = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a**2 - 14 * b + 6 * a * b + 3 * b**2)
    return first * (30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a**2 + 48 * b - 36 * a * b + 27 * b**2))


def six_hump_camel(x):
    a, b = x
    return (4 - 2.1 * a**2 + a**4 / 3) * a**2 + a * b + (-4 + 4 * b**2) * b**2


HARTMANN_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
HARTMANN3 = (
    np.array([[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]),
    1e-4 * np.array([[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]]),
)
HARTMANN6 = (
    np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]),
    1e-4
    * np.array(
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ]
    ),
)


def hartmann(constants, x):
    a, p = constants
    return float(-HARTMANN_WEIGHTS @ np.exp(-np.sum(a * (x - p) ** 2, axis=1)))


SHEKEL_C = np.array(
    [
        [4, 1, 8, 6, 3, 2, 5, 8, 6, 7],
        [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6],
        [4, 1, 8, 6, 3, 2, 5, 8, 6, 7],
        [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6],
    ]
).T
SHEKEL_BETA = np.array([1, 2, 2, 4, 4, 6, 3, 7, 5, 5]) / 10


def shekel(x):
    return float(-np.sum(1 / (np.sum((x - SHEKEL_C) ** 2, axis=1) + SHEKEL_BETA)))


def vector(names: Sequence[str], values: Mapping[str, Any]) -> np.ndarray:
    return np.array([values[name] for name in names], dtype=float)


def boxed(name: str, function, bounds: Sequence[tuple[float, float]], optimum: float | None, noise=0.0) -> Problem:
    """A function of a vector in a box."""
    names = [f"x{index + 1}" for index in range(len(bounds))]
    parameters = [Float(n, low, high) for n, (low, high) in zip(names, bounds)]
    return Problem(name, "standard", parameters, lambda values: function(vector(names, values)), optimum, noise)


def moved(name: str, function, dimension: int, half_width: float, seed: int, rotated: bool) -> Problem:
    """A function with its least value 0 at 0, moved away from the centre of a cube, and turned."""
    centre = half_width * shift(dimension, seed)
    turn = rotation(dimension, seed) if rotated else np.eye(dimension)
    return boxed(name, lambda x: function(turn @ (x - centre)), [(-half_width, half_width)] * dimension, 0.0)


def standard() -> list[Problem]:
    flips = np.random.default_rng(23).random(10) < 0.5
    return [
        boxed("branin2", branin, [(-5, 10), (0, 15)], 0.39788735772973816),
        boxed("goldstein_price2", goldstein_price, [(-2, 2)] * 2, 3.0),
        boxed("six_hump_camel2", six_hump_camel, [(-3, 3), (-2, 2)], -1.0316284534898774),
        moved("ackley2", ackley, 2, 10, 1, True),
        boxed("hartmann3", functools.partial(hartmann, HARTMANN3), [(0, 1)] * 3, -3.862779787332663),
        boxed("shekel4", shekel, [(0, 10)] * 4, -10.536443153483534),
        moved("rosenbrock4", rosenbrock_at_zero, 4, 3, 2, True),
        moved("ackley5", ackley, 5, 10, 3, True),
        moved("levy5", levy_at_zero, 5, 10, 4, True),
        moved("griewank5", griewank, 5, 20, 5, True),
        moved("styblinski_tang5", styblinski_tang_at_zero, 5, 6, 6, False),
        boxed(
            "michalewicz5",
            lambda x: michalewicz(np.where(flips[:5], np.pi - x, x)),
            [(0, np.pi)] * 5,
            -4.687658179088148,
        ),
        boxed("hartmann6", functools.partial(hartmann, HARTMANN6), [(0, 1)] * 6, -3.322368011415515),
        moved("rastrigin6", rastrigin, 6, 5, 7, True),
        moved("ellipsoid10", ellipsoid, 10, 5, 8, True),
        moved("rosenbrock10", rosenbrock_at_zero, 10, 3, 9, False),
        moved("styblinski_tang10", styblinski_tang_at_zero, 10, 6, 10, False),
        moved("ackley15", ackley, 15, 10, 11, False),
        moved("sphere20", sphere, 20, 5, 12, False),
        moved("levy20", levy_at_zero, 20, 10, 13, True),
        boxed("noisy_branin2", branin, [(-5, 10), (0, 15)], 0.39788735772973816, noise=1.0),
        boxed(
            "noisy_hartmann6",
            functools.partial(hartmann, HARTMANN6),
            [(0, 1)] * 6,
            -3.322368011415515,
            noise=0.1,
        ),
    ]


# --- Mixed spaces -----------------------------------------------------------------------------------------------------


def mixed_ackley(v):
    offset = {"red": 0.4, "green": 0.0, "blue": -0.7, "black": 1.1}[v["colour"]]
    scale = {"cotton": 1.6, "silk": 1.0, "wool": 1.25}[v["cloth"]]
    z = np.array([v["x1"] - 0.37, v["x2"] + 0.52, (v["count"] - 7) / 5, offset])
    return ackley(3 * scale * z) + 0.5 * (scale - 1)


def function_choice(v):
    """The value of one of three functions plus that of another: which ones is chosen by two categoricals."""
    x = np.array([v["x1"], v["x2"]])
    beale = math.log1p(
        (1.5 - 2 * x[0] + 4 * x[0] * x[1]) ** 2 + (2.25 - 2 * x[0] + 8 * x[0] * x[1] ** 2) ** 2
    )
    values = {
        "rosenbrock": math.log1p(100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2) - 0.5,
        "camel": six_hump_camel(x),
        "beale": beale,
        "bowl": float((x - 0.6) @ (x - 0.6)) + 0.2,
    }
    return values[v["first"]] + 0.6 * values[v["second"]] + (0.4 if v["first"] == v["second"] else 0.0)


def training_curve(v):
    """What validation losses look like: a valley in log rate that moves with batch size and depth."""
    rate, decay = math.log10(v["rate"]), math.log10(v["decay"])
    batch = math.log2(v["batch"])
    best_rate = {"sgd": -1.4, "adam": -2.9, "rmsprop": -3.2}[v["optimiser"]] + 0.12 * (batch - 6) - 0.08 * v["layers"]
    bias = {"sgd": 0.06, "adam": 0.0, "rmsprop": 0.03}[v["optimiser"]]
    valley = 0.25 * (rate - best_rate) ** 2 + (2.0 if rate > best_rate + 1.2 else 0.0) * (rate - best_rate - 1.2) ** 2
    capacity = 0.015 * (v["layers"] - 4.3) ** 2 + 0.02 * (math.log2(v["width"]) - 7.4) ** 2
    regular = 0.03 * (decay + 4.2) ** 2 + 0.4 * (v["dropout"] - 0.22 - 0.02 * v["layers"]) ** 2
    interplay = 0.02 * (decay + 4.2) * (v["dropout"] - 0.3) * 5
    return 0.31 + bias + valley / (1 + valley / 4) + capacity + regular + 0.2 * abs(interplay) + 0.01 * (batch - 6) ** 2


INTEGERS = [(0, 10), (-20, 20), (1, 100), (0, 3), (5, 50), (-5, 5), (1, 8), (0, 1000)]
INTEGER_BEST = [7, -6, 31, 2, 17, 3, 5, 640]


def integers(v):
    u = np.array([(v[f"k{i + 1}"] - INTEGER_BEST[i]) / (high - low) for i, (low, high) in enumerate(INTEGERS)])
    return float(u @ INTEGER_FORM @ u) + 0.1 * float(np.sum(1 - np.cos(4 * np.pi * u)))


_form = np.random.default_rng(31).standard_normal((8, 8))
INTEGER_FORM = 4 * (_form @ _form.T / 8 + 0.3 * np.eye(8))

CHAIN = [3, 4, 5, 3, 4, 5, 3, 4, 5, 4]
_chain_random = np.random.default_rng(37)
CHAIN_SINGLE = [_chain_random.normal(0, 1, count) for count in CHAIN]
CHAIN_PAIRS = [_chain_random.normal(0, 1, (a, b)) for a, b in zip(CHAIN, CHAIN[1:])]


def chain(v):
    levels = [int(v[f"c{i + 1}"][1:]) for i in range(len(CHAIN))]
    single = sum(CHAIN_SINGLE[i][level] for i, level in enumerate(levels))
    return float(single + sum(CHAIN_PAIRS[i][a, b] for i, (a, b) in enumerate(zip(levels, levels[1:]))))


def chain_optimum() -> float:
    cost = CHAIN_SINGLE[0]
    for pairs, single in zip(CHAIN_PAIRS, CHAIN_SINGLE[1:]):
        cost = np.min(cost[:, None] + pairs, axis=0) + single
    return float(np.min(cost))


def mixed() -> list[Problem]:
    colours = ["red", "green", "blue", "black"]
    functions = ["rosenbrock", "camel", "beale", "bowl"]
    return [
        Problem(
            "mixed_ackley5",
            "mixed",
            [
                Float("x1", -1, 1),
                Float("x2", -1, 1),
                Int("count", 0, 15),
                Categorical("colour", colours),
                Categorical("cloth", ["cotton", "silk", "wool"]),
            ],
            mixed_ackley,
            0.0,
        ),
        Problem(
            "function_choice4",
            "mixed",
            [
                Float("x1", -1, 1),
                Float("x2", -1, 1),
                Categorical("first", functions),
                Categorical("second", functions),
            ],
            function_choice,
        ),
        Problem(
            "training_curve7",
            "mixed",
            [
                Float("rate", 1e-6, 1.0, log=True),
                Float("decay", 1e-8, 1e-1, log=True),
                Int("layers", 1, 12),
                Int("width", 8, 1024, log=True),
                Float("dropout", 0.0, 0.7),
                Int("batch", 8, 512, log=True),
                Categorical("optimiser", ["sgd", "adam", "rmsprop"]),
            ],
            training_curve,
        ),
        Problem(
            "integers8",
            "mixed",
            [Int(f"k{i + 1}", low, high) for i, (low, high) in enumerate(INTEGERS)],
            integers,
            0.0,
        ),
        Problem(
            "categorical_chain10",
            "mixed",
            [Categorical(f"c{i + 1}", [f"v{level}" for level in range(count)]) for i, count in enumerate(CHAIN)],
            chain,
            chain_optimum(),
        ),
    ]


# --- Conditional spaces -----------------------------------------------------------------------------------------------


def kernel_tree(v):
    if v["kernel"] == "linear":
        return 0.42 + 0.02 * (math.log10(v["c"]) - 0.5) ** 2
    if v["kernel"] == "rbf":
        gamma, c = math.log10(v["gamma"]), math.log10(v["c"])
        return 0.1 + 0.05 * (gamma + 2.2 + 0.4 * (c - 1)) ** 2 + 0.02 * (c - 1.3) ** 2
    c = math.log10(v["c"])
    return 0.16 + 0.05 * (v["degree"] - 3) ** 2 + 0.06 * (v["coef0"] - 0.7) ** 2 + 0.03 * (c + 0.4 * v["degree"]) ** 2


def optimiser_tree(v):
    if v["optimiser"] == "sgd":
        rate = math.log10(v["sgd_rate"])
        value = 0.25 + 0.12 * (rate + 1.5 + 0.9 * (v["momentum"] - 0.8)) ** 2 + 0.3 * (v["momentum"] - 0.87) ** 2
        if v["nesterov"] == "yes":
            value -= 0.015
    elif v["optimiser"] == "adam":
        rate = math.log10(v["adam_rate"])
        value = 0.2 + 0.15 * (rate + 3.1) ** 2 + 0.02 * (math.log10(1 - v["beta1"]) + 0.8) ** 2
    else:
        value = 0.33 + 0.05 * (math.log10(v["memory_rate"])) ** 2 + 0.002 * (v["history"] - 12) ** 2
    schedule = 0.0 if v["schedule"] == "constant" else -0.05 + 0.08 * (v["final_fraction"] - 0.1) ** 2
    return value + schedule + 0.02 * (v["epochs"] - 31) ** 2 / 100


DEPTH_TARGETS = {1: [5.0], 2: [6.1, 4.3], 3: [7.2, 5.6, 3.9], 4: [6.6, 6.0, 5.1, 4.0]}
DEPTH_FLOOR = {1: 0.4, 2: 0.22, 3: 0.15, 4: 0.19}


def layer_tree(v):
    depth = v["depth"]
    widths = [math.log2(v[f"width{i + 1}"]) for i in range(depth)]
    value = DEPTH_FLOOR[depth] + 0.02 * sum((w - t) ** 2 for w, t in zip(widths, DEPTH_TARGETS[depth]))
    value += 0.08 * (math.log10(v["rate"]) + 2.6 + 0.15 * depth) ** 2
    return value + (0.01 * (v["skip"] - 0.4) ** 2 if depth > 2 else 0.0)


def conditional() -> list[Problem]:
    deep = {"depth": [3, 4]}
    return [
        Problem(
            "kernel_tree",
            "conditional",
            [
                Categorical("kernel", ["linear", "rbf", "polynomial"]),
                Float("c", 1e-3, 1e4, log=True),
                Float("gamma", 1e-6, 10, log=True, when={"kernel": ["rbf"]}),
                Int("degree", 2, 6, when={"kernel": ["polynomial"]}),
                Float("coef0", -2, 2, when={"kernel": ["polynomial"]}),
            ],
            kernel_tree,
            0.1,
        ),
        Problem(
            "optimiser_tree",
            "conditional",
            [
                Categorical("optimiser", ["sgd", "adam", "lbfgs"]),
                Float("sgd_rate", 1e-5, 10, log=True, when={"optimiser": ["sgd"]}),
                Float("momentum", 0, 0.99, when={"optimiser": ["sgd"]}),
                Categorical("nesterov", ["no", "yes"], when={"optimiser": ["sgd"]}),
                Float("adam_rate", 1e-6, 1, log=True, when={"optimiser": ["adam"]}),
                Float("beta1", 0.5, 0.999, when={"optimiser": ["adam"]}),
                Float("memory_rate", 1e-3, 10, log=True, when={"optimiser": ["lbfgs"]}),
                Int("history", 3, 50, when={"optimiser": ["lbfgs"]}),
                Categorical("schedule", ["constant", "cosine"]),
                Float("final_fraction", 0, 1, when={"schedule": ["cosine"]}),
                Int("epochs", 5, 60),
            ],
            optimiser_tree,
            0.15,
        ),
        Problem(
            "layer_tree",
            "conditional",
            [
                Int("depth", 1, 4),
                Float("rate", 1e-6, 1, log=True),
                Int("width1", 4, 512, log=True),
                Int("width2", 4, 512, log=True, when={"depth": [2, 3, 4]}),
                Int("width3", 4, 512, log=True, when={"depth": [3, 4]}),
                Int("width4", 4, 512, log=True, when={"depth": [4]}),
                Float("skip", 0, 1, when=deep),
            ],
            layer_tree,
        ),
    ]


# --- Learning problems on small data ----------------------------------------------------------------------------------


@functools.lru_cache
def data(name: str):
    from sklearn import datasets
    from sklearn.preprocessing import StandardScaler

    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    order = np.random.default_rng(41).permutation(len(x))[:700]
    x, y = x[order], y[order]
    if name == "diabetes":
        y = (y - y.mean()) / y.std()
    return StandardScaler().fit_transform(x), y


def cross_validated(model, name: str, folds: int, scoring: str) -> float:
    """The mean loss over folds; a model that cannot be fitted costs as much as the worst sensible one."""
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score

    x, y = data(name)
    split = (KFold if name == "diabetes" else StratifiedKFold)(folds, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = cross_val_score(model, x, y, cv=split, scoring=scoring)
    loss = 1 - float(np.mean(scores)) if scoring in ("accuracy", "r2") else -float(np.mean(scores))
    return min(loss, 10.0) if math.isfinite(loss) else 10.0


def svm_digits(v):
    from sklearn.svm import SVC

    return cross_validated(SVC(C=v["c"], gamma=v["gamma"]), "digits", 3, "accuracy")


def svm_cancer(v):
    from sklearn.svm import SVC

    model = SVC(
        C=v["c"],
        kernel=v["kernel"],
        gamma=v.get("gamma", "scale"),
        degree=v.get("degree", 3),
        coef0=v.get("coef0", 0.0),
        max_iter=20000,
        random_state=0,
    )
    return cross_validated(model, "breast_cancer", 5, "accuracy")


def boosting_diabetes(v):
    from sklearn.ensemble import GradientBoostingRegressor

    model = GradientBoostingRegressor(
        learning_rate=v["rate"],
        n_estimators=v["trees"],
        max_depth=v["depth"],
        subsample=v["subsample"],
        min_samples_leaf=v["leaf"],
        max_features=v["features"],
        random_state=0,
    )
    return cross_validated(model, "diabetes", 3, "r2")


def boosting_wine(v):
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(
        learning_rate=v["rate"],
        n_estimators=v["trees"],
        max_depth=v["depth"],
        subsample=v["subsample"],
        random_state=0,
    )
    return cross_validated(model, "wine", 3, "neg_log_loss")


def forest_cancer(v):
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(
        n_estimators=v["trees"],
        max_depth=v["depth"],
        min_samples_leaf=v["leaf"],
        min_samples_split=v["split"],
        max_features=v["features"],
        criterion=v["criterion"],
        random_state=0,
    )
    return cross_validated(model, "breast_cancer", 3, "neg_log_loss")


def mlp_digits(v):
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        hidden_layer_sizes=(v["width"],),
        learning_rate_init=v["rate"],
        alpha=v["alpha"],
        batch_size=v["batch"],
        activation=v["activation"],
        beta_1=v["beta1"],
        max_iter=12,
        random_state=0,
    )
    return cross_validated(model, "digits", 2, "neg_log_loss")


def mlp_diabetes(v):
    from sklearn.neural_network import MLPRegressor

    widths = tuple(v[f"width{i + 1}"] for i in range(v["depth"]))
    model = MLPRegressor(
        hidden_layer_sizes=widths,
        solver=v["solver"],
        learning_rate_init=v["rate"],
        momentum=v.get("momentum", 0.9),
        beta_1=v.get("beta1", 0.9),
        alpha=v["alpha"],
        batch_size=32,
        max_iter=25,
        random_state=0,
    )
    return min(cross_validated(model, "diabetes", 3, "r2"), 3.0)


def kernel_ridge_diabetes(v):
    from sklearn.kernel_ridge import KernelRidge

    model = KernelRidge(alpha=v["alpha"], kernel=v["kernel"], gamma=v["gamma"])
    return min(cross_validated(model, "diabetes", 5, "r2"), 3.0)


def features_digits(v):
    from sklearn.decomposition import PCA
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        PCA(v["components"], svd_solver="full"),
        Nystroem(gamma=v["gamma"], n_components=v["landmarks"], random_state=0),
        RidgeClassifier(alpha=v["alpha"]),
    )
    return cross_validated(model, "digits", 3, "accuracy")


def model_choice_cancer(v):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC

    match v["model"]:
        case "logistic":
            model = LogisticRegression(C=v["logistic_c"], max_iter=300)
        case "neighbours":
            model = KNeighborsClassifier(v["neighbours"], weights=v["weights"], p=v["power"])
        case "svm":
            model = SVC(C=v["svm_c"], gamma=v["svm_gamma"], max_iter=20000)
        case "forest":
            model = RandomForestClassifier(v["trees"], min_samples_leaf=v["leaf"], random_state=0)
        case _:
            model = MLPClassifier((v["width"],), learning_rate_init=v["rate"], max_iter=25, random_state=0)
    return cross_validated(model, "breast_cancer", 4, "accuracy")


def learning() -> list[Problem]:
    return [
        Problem(
            "svm_digits",
            "learning",
            [Float("c", 1e-3, 1e4, log=True), Float("gamma", 1e-6, 10, log=True)],
            svm_digits,
        ),
        Problem(
            "svm_cancer",
            "learning",
            [
                Categorical("kernel", ["linear", "rbf", "poly", "sigmoid"]),
                Float("c", 1e-4, 1e3, log=True),
                Float("gamma", 1e-6, 10, log=True, when={"kernel": ["rbf", "poly", "sigmoid"]}),
                Int("degree", 2, 5, when={"kernel": ["poly"]}),
                Float("coef0", -2, 2, when={"kernel": ["poly", "sigmoid"]}),
            ],
            svm_cancer,
        ),
        Problem(
            "boosting_diabetes",
            "learning",
            [
                Float("rate", 1e-3, 1, log=True),
                Int("trees", 5, 100, log=True),
                Int("depth", 1, 8),
                Float("subsample", 0.2, 1),
                Int("leaf", 1, 40, log=True),
                Float("features", 0.1, 1),
            ],
            boosting_diabetes,
        ),
        Problem(
            "boosting_wine",
            "learning",
            [
                Float("rate", 1e-3, 1, log=True),
                Int("trees", 3, 25, log=True),
                Int("depth", 1, 6),
                Float("subsample", 0.2, 1),
            ],
            boosting_wine,
        ),
        Problem(
            "forest_cancer",
            "learning",
            [
                Int("trees", 5, 40, log=True),
                Int("depth", 1, 20),
                Int("leaf", 1, 50, log=True),
                Int("split", 2, 50, log=True),
                Float("features", 0.03, 1, log=True),
                Categorical("criterion", ["gini", "entropy", "log_loss"]),
            ],
            forest_cancer,
        ),
        Problem(
            "mlp_digits",
            "learning",
            [
                Int("width", 8, 128, log=True),
                Float("rate", 1e-5, 1, log=True),
                Float("alpha", 1e-7, 10, log=True),
                Int("batch", 16, 256, log=True),
                Categorical("activation", ["relu", "tanh", "logistic"]),
                Float("beta1", 0.5, 0.99),
            ],
            mlp_digits,
        ),
        Problem(
            "mlp_diabetes",
            "learning",
            [
                Int("depth", 1, 3),
                Int("width1", 2, 64, log=True),
                Int("width2", 2, 64, log=True, when={"depth": [2, 3]}),
                Int("width3", 2, 64, log=True, when={"depth": [3]}),
                Categorical("solver", ["sgd", "adam"]),
                Float("rate", 1e-5, 1, log=True),
                Float("momentum", 0, 0.99, when={"solver": ["sgd"]}),
                Float("beta1", 0.5, 0.99, when={"solver": ["adam"]}),
                Float("alpha", 1e-6, 10, log=True),
            ],
            mlp_diabetes,
        ),
        Problem(
            "kernel_ridge_diabetes",
            "learning",
            [
                Float("alpha", 1e-4, 1e3, log=True),
                Float("gamma", 1e-6, 10, log=True),
                Categorical("kernel", ["rbf", "laplacian", "polynomial"]),
            ],
            kernel_ridge_diabetes,
        ),
        Problem(
            "features_digits",
            "learning",
            [
                Int("components", 2, 60),
                Float("gamma", 1e-6, 1, log=True),
                Int("landmarks", 10, 200, log=True),
                Float("alpha", 1e-6, 1e3, log=True),
            ],
            features_digits,
        ),
        Problem(
            "model_choice_cancer",
            "learning",
            [
                Categorical("model", ["logistic", "neighbours", "svm", "forest", "mlp"]),
                Float("logistic_c", 1e-4, 1e3, log=True, when={"model": ["logistic"]}),
                Int("neighbours", 1, 60, log=True, when={"model": ["neighbours"]}),
                Categorical("weights", ["uniform", "distance"], when={"model": ["neighbours"]}),
                Float("power", 1, 4, when={"model": ["neighbours"]}),
                Float("svm_c", 1e-4, 1e3, log=True, when={"model": ["svm"]}),
                Float("svm_gamma", 1e-6, 10, log=True, when={"model": ["svm"]}),
                Int("trees", 5, 30, log=True, when={"model": ["forest"]}),
                Int("leaf", 1, 30, log=True, when={"model": ["forest"]}),
                Int("width", 4, 64, log=True, when={"model": ["mlp"]}),
                Float("rate", 1e-5, 1, log=True, when={"model": ["mlp"]}),
            ],
            model_choice_cancer,
        ),
    ]


# --- BBOB -------------------------------------------------------------------------------------------------------------

BBOB = [
    (1, 10),
    (3, 5),
    (6, 10),
    (8, 5),
    (8, 10),
    (10, 5),
    (10, 20),
    (15, 5),
    (15, 10),
    (17, 5),
    (17, 10),
    (20, 5),
    (20, 20),
    (21, 2),
    (21, 10),
    (23, 5),
]


@functools.lru_cache
def bbob_suite():
    import cocoex

    return cocoex.Suite("bbob", "instances: 1", "")


@functools.lru_cache
def bbob_problem(function: int, dimension: int):
    return bbob_suite().get_problem_by_function_dimension_instance(function, dimension, 1)


def bbob_value(function: int, dimension: int, names, v) -> float:
    return float(bbob_problem(function, dimension)(vector(names, v)))


# The least values of instance 1: the functions at the points that cocoex writes down as their best.
BBOB_OPTIMUM = {
    1: 79.48,
    3: -462.09,
    6: 35.9,
    8: 149.15,
    10: -54.94,
    15: 1000.0,
    17: -16.94,
    20: -546.5,
    21: 40.78,
    23: 6.87,
}


def bbob() -> list[Problem]:
    problems = []
    for function, dimension in BBOB:
        names = [f"x{i + 1}" for i in range(dimension)]
        problems.append(
            Problem(
                f"bbob_f{function}_{dimension}d",
                "bbob",
                [Float(name, -5, 5) for name in names],
                functools.partial(bbob_value, function, dimension, names),
                BBOB_OPTIMUM[function],
            )
        )
    return problems


@functools.lru_cache
def all_problems() -> dict[str, Problem]:
    """Every problem by name, in the order in which they are run."""
    problems = standard() + mixed() + conditional() + learning() + bbob()
    return {problem.name: problem for problem in problems}
