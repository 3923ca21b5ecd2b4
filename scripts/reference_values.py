#!/usr/bin/env python3
"""Computes the golden values that the Swift tests read.

    scripts/reference_values.py                 writes every fixture
    scripts/reference_values.py --list          names them
    scripts/reference_values.py cholesky normal-distribution ...

Most functions below make one fixture, Tests/<test target>/Fixtures/<name>.json: what it holds, the versions of the
libraries it came from, the tolerance to test with and why, and the cases. To add one, write a function that returns
fixture content and mark it with @fixture. Values are written with the digits that restore the same double.
A function marked with @source writes a Swift file of published constants instead.
"""

import argparse
import json
import math
import platform
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = {}
SOURCES = {}


def fixture(test_target, name, libraries=()):
    """Registers a function whose result becomes Tests/<test_target>/Fixtures/<name>.json."""

    def register(function):
        FIXTURES[name] = (test_target, libraries, function)
        return function

    return register


def source(path, name):
    """Registers a function whose result becomes a Swift source file of data."""

    def register(function):
        SOURCES[name] = (path, function)
        return function

    return register


def write(name):
    if name in SOURCES:
        path, function = SOURCES[name]
        (ROOT / path).write_text(function())
        print(f"{path}: {(ROOT / path).stat().st_size} bytes")
        return
    test_target, libraries, function = FIXTURES[name]
    content = {"about": " ".join(function.__doc__.split())}
    content["versions"] = {"python": platform.python_version()} | {library: version(library) for library in libraries}
    content |= function()
    path = ROOT / "Tests" / test_target / "Fixtures" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(encoded(content))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def encoded(content):
    """JSON with one line per entry and one per element of a list of cases, so that changes are easy to read."""

    def line(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    def entry(value):
        nested = isinstance(value, list) and value and isinstance(value[0], (dict, list))
        return "[\n  " + ",\n  ".join(map(line, value)) + "\n]" if nested else line(value)

    return "{\n" + ",\n".join(f"{line(key)}: {entry(value)}" for key, value in content.items()) + "\n}\n"


def tolerance(relative, reason):
    return {"relative": relative, "reason": reason}


# Linear algebra


@fixture("NumericalMethodsTests", "cholesky", libraries=["mpmath"])
def cholesky():
    """Cholesky factors, log determinants and solutions of small symmetric matrices, in 60-digit arithmetic."""
    import mpmath

    def factor(matrix):
        # mpmath's own has an absolute tolerance, which takes a matrix at scale 1e-99 for singular.
        n = matrix.rows
        lower = mpmath.zeros(n)
        for j in range(n):
            lower[j, j] = mpmath.sqrt(matrix[j, j] - sum(lower[j, k] ** 2 for k in range(j)))
            for i in range(j + 1, n):
                lower[i, j] = (matrix[i, j] - sum(lower[i, k] * lower[j, k] for k in range(j))) / lower[j, j]
        return lower

    def case(name, matrix):
        n = len(matrix)
        exact = mpmath.matrix(matrix)
        lower = factor(exact)
        right = mpmath.matrix([1 / mpmath.mpf(i + 1) for i in range(n)])
        right = mpmath.matrix([float(value) for value in right])
        return {
            "name": name,
            "matrix": matrix,
            "lower": [[float(lower[i, j]) for j in range(n)] for i in range(n)],
            "logDeterminant": float(2 * sum(mpmath.log(lower[i, i]) for i in range(n))),
            "right": [float(value) for value in right],
            "solution": [float(value) for value in mpmath.lu_solve(exact, right)],
            "condition": float(mpmath.cond(exact, lambda m: mpmath.mnorm(m, 1))),
        }

    def matern(n, lengthscale, noise, scale=1.0):
        def element(i, j):
            a = math.sqrt(5) * abs(i - j) / (n - 1) / lengthscale
            return scale * ((1 + a + a * a / 3) * math.exp(-a) + (noise if i == j else 0))

        return [[element(i, j) for j in range(n)] for i in range(n)]

    with mpmath.workdps(60):
        cases = [
            case("one by one", [[4.0]]),
            case("Pascal of order 6", [[float(math.comb(i + j, i)) for j in range(6)] for i in range(6)]),
            case("Hilbert of order 6", [[1.0 / (i + j + 1) for j in range(6)] for i in range(6)]),
            case("Matérn 5/2, 12 points", matern(12, 0.3, 1e-6)),
            case("Matérn 5/2 at scale 1e99", matern(8, 0.2, 1e-3, 1e99)),
            case("Matérn 5/2 at scale 1e-99", matern(8, 0.2, 1e-3, 1e-99)),
        ]
    return {
        "tolerance": tolerance(
            1e-14, "Backward stability bounds errors by the condition number times a few roundings; multiply by it."
        ),
        "cases": cases,
    }


# Distributions


def one_argument(function, exact, points):
    """Pairs of an argument and the exact value there, in 60-digit arithmetic; values beyond a double are left out."""
    import mpmath

    def pairs():
        for x in points:
            value = float(exact(mpmath.mpf(x)))
            if math.isfinite(value):
                yield [x, value]

    with mpmath.workdps(60):
        return {"function": function, "pairs": list(pairs())}


def spread(rng, low, high, count):
    """Values of both signs whose magnitudes are spread evenly over powers of ten."""
    signs = rng.choice([-1.0, 1.0], count)
    return (signs * 10 ** rng.uniform(low, high, count)).tolist()


@fixture("NumericalMethodsTests", "standard-normal", libraries=["mpmath", "numpy"])
def standard_normal():
    """Density, probability, their logarithms and the quantile of the standard normal, in 60-digit arithmetic."""
    import mpmath
    import numpy as np

    rng = np.random.default_rng(30)
    near = [0.0, -1.0, 1.0, -0.9999, -1.0001, 5.0, -5.0] + spread(rng, -12, 0, 40) + rng.uniform(-9, 9, 60).tolist()
    tail = [-37.5, -37.0] + (-rng.uniform(9, 37.5, 40)).tolist()
    farther = [-38.6, -1e2, -1e3, -1e4, -1e8, -1e20, -1e100, -1e154] + (-(10 ** rng.uniform(1.5, 150, 40))).tolist()
    probabilities = [5e-324, 1e-310, 1e-300, 1e-100, 0.075, 0.925, 0.5, 0.5 + 2**-53, 0.5 - 2**-54, 1 - 2**-53]
    probabilities += (10 ** rng.uniform(-307, 0, 100)).tolist() + rng.uniform(0, 1, 60).tolist()

    def cdf(x):
        return mpmath.erfc(-x / mpmath.sqrt(2)) / 2

    def log_cdf(x):
        if x < -1e4:
            # The asymptotic series to five terms is exact to 1e-40 here.
            series = 1 - x**-2 + 3 * x**-4 - 15 * x**-6 + 105 * x**-8
            return -x * x / 2 - mpmath.log(-x * mpmath.sqrt(2 * mpmath.pi)) + mpmath.log(series)
        return mpmath.log(cdf(x)) if x < 0 else mpmath.log1p(-cdf(-x))

    def log_pdf(x):
        return -x * x / 2 - mpmath.log(2 * mpmath.pi) / 2

    def quantile(p):
        # Newton's method on the logarithm of the smaller tail, which is nearly quadratic, from below.
        tail = min(p, 1 - p)
        if p == 0.5:
            return mpmath.mpf(0)
        x = -mpmath.sqrt(-2 * mpmath.log(tail)) if tail < 0.1 else mpmath.mpf(-0.1)
        for _ in range(60):
            change = (log_cdf(x) - mpmath.log(tail)) * cdf(x) / mpmath.exp(log_pdf(x))
            x -= change
            if abs(change) < mpmath.mpf(10) ** -50 * abs(x):
                break
        else:
            raise ArithmeticError(f"no quantile for {p}")
        return x if p < 0.5 else -x

    return {
        "tolerance": tolerance(1e-12, "What the callers ask for; rounding x/√2 alone costs 2e-13 at x = -38."),
        "cases": [
            one_argument("pdf", lambda x: mpmath.exp(log_pdf(x)), near + tail),
            one_argument("logPDF", log_pdf, near + tail + farther),
            one_argument("cdf", cdf, near + tail),
            one_argument("logCDF", log_cdf, near + tail + farther + [20.0, 37.0]),
            one_argument(
                "logCDFDerivative", lambda x: mpmath.exp(log_pdf(x) - log_cdf(x)), near + tail + [-1e2, -1e3, 20.0, 37.0]
            ),
            one_argument("inverseCDF", quantile, probabilities),
        ],
    }


@fixture("NumericalMethodsTests", "special-functions", libraries=["mpmath", "numpy"])
def special_functions():
    """Scaled complementary error function and stable logarithms of sums of exponentials, in 60-digit arithmetic."""
    import mpmath
    import numpy as np

    rng = np.random.default_rng(31)

    def erfcx(x):
        if x > 1e4:
            t = 1 / (2 * x * x)
            return (1 - t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t)))) / (x * mpmath.sqrt(mpmath.pi))
        return mpmath.exp(x * x) * mpmath.erfc(x)

    scaled = [0.0, 24.999, 25.0, 25.001, 26.0, 27.0, 50.0, 1e4, 1e8, 1e100, 1e300, -26.6, -26.0, -1e-300]
    scaled += rng.uniform(-26.6, 0, 60).tolist() + rng.uniform(0, 60, 120).tolist()
    scaled += (10 ** rng.uniform(-20, 0, 30)).tolist() + (10 ** rng.uniform(0, 300, 60)).tolist()
    negative = [-5e-324, -1e-300, -0.6931471805599453, -0.6931, -0.6932, -1.0, -30.0, -700.0]
    negative += (-(10 ** rng.uniform(-20, 2.8, 80))).tolist()
    either = [0.0, -700.0, 700.0, 1e308, -40.0, 40.0] + spread(rng, -20, 2.8, 80)
    return {
        "tolerance": tolerance(1e-12, "What the callers ask for: log expected improvement is built on these."),
        "cases": [
            one_argument("erfcx", erfcx, scaled),
            one_argument("log1mexp", lambda x: mpmath.log(-mpmath.expm1(x)) if x > -1 else mpmath.log1p(-mpmath.exp(x)), negative),
            one_argument("log1pexp", lambda x: x + mpmath.log1p(mpmath.exp(-x)) if x > 0 else mpmath.log1p(mpmath.exp(x)), either),
        ],
    }


# Sequences


def joe_kuo(dimensions):
    """The primitive polynomials and initial direction numbers m of the dimensions after the first."""
    import numpy as np
    import scipy.stats

    with np.load(Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz") as table:
        polynomials = table["poly"][1:dimensions].tolist()
        numbers = table["vinit"][1:dimensions].tolist()
    return [(p, m[: p.bit_length() - 1]) for p, m in zip(polynomials, numbers)]


@source("Sources/NumericalMethods/Sequences/JoeKuoTable.swift", "joe-kuo-table")
def joe_kuo_table():
    """Packs the direction numbers: 16 bits of polynomial, then (m - 1)/2 in i - 1 bits for i = 1 … its degree."""
    import base64

    dimensions = 2048
    bits = ""
    for polynomial, numbers in joe_kuo(dimensions):
        bits += f"{polynomial:016b}"
        for i, m in enumerate(numbers):
            assert m % 2 == 1 and m < 2 << i
            bits += f"{m >> 1:0{i}b}" if i > 0 else ""
    bits += "0" * (-len(bits) % 8)
    text = base64.b64encode(int(bits, 2).to_bytes(len(bits) // 8, "big")).decode()
    lines = "\n".join("    " + text[i : i + 112] for i in range(0, len(text), 112))
    return f'''/// Primitive polynomials and initial direction numbers of Sobol sequences, packed into bits.
///
/// Written by `scripts/reference_values.py joe-kuo-table`; a string, because it compiles and loads at once.
/// Source: the table new-joe-kuo-6 of Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections",
/// SIAM J. Sci. Comput. 30 (2008) 2635–2654; copyright 2008 Frances Y. Kuo and Stephen Joe, BSD licence.
enum JoeKuoTable {{
  /// The number of dimensions in the table, with the first, which needs no entry.
  static let dimensions = {dimensions}

  /// Per dimension from the second: a polynomial in 16 bits with its leading one, then (mᵢ − 1)/2 in i − 1 bits for every
  /// i up to its degree; the highest bit first, in base 64.
  static let text = """
{lines}
    """
}}
'''


@fixture("NumericalMethodsTests", "sobol", libraries=["scipy"])
def sobol():
    """Points of the Sobol sequence without scrambling, from SciPy: whole points in few dimensions, some in many."""
    from scipy.stats import qmc

    def points(dimensions, count):
        return qmc.Sobol(dimensions, scramble=False).random(count)

    def far(dimensions, index):
        return qmc.Sobol(dimensions, scramble=False).fast_forward(index).random(1).tolist()

    many = points(2048, 64)
    return {
        "tolerance": tolerance(0, "The points are dyadic fractions, which both sides hold exactly."),
        "cases": [
            {"dimensions": 1, "indices": list(range(16)), "points": points(1, 16).tolist()},
            {"dimensions": 7, "indices": list(range(64)), "points": points(7, 64).tolist()},
            {"dimensions": 100, "indices": [1000, 1023], "points": points(100, 1024)[[1000, 1023]].tolist()},
            {"dimensions": 2048, "indices": [1, 2, 3, 37, 63], "points": many[[1, 2, 3, 37, 63]].tolist()},
            # In Gray code these indices are all ones, so every direction up to the 17th, or the 23rd, takes part.
            {"dimensions": 2048, "indices": [87381], "points": far(2048, 87381)},
            {"dimensions": 20, "indices": [5592405], "points": far(20, 5592405)},
        ],
    }


# Minimisation


def rosenbrock(x):
    import numpy as np

    gap = x[1:] - x[:-1] ** 2
    gradient = np.zeros_like(x)
    gradient[1:] += 200 * gap
    gradient[:-1] += -400 * gap * x[:-1] - 2 * (1 - x[:-1])
    return np.sum(100 * gap**2 + (1 - x[:-1]) ** 2), gradient


def ill_conditioned_quadratic(x):
    """Half of xᵀHx - bᵀx with H = diag(1 … 1e6) + 11ᵀ and b = 1 … d."""
    import numpy as np

    d = len(x)
    diagonal = 10.0 ** (6 * np.arange(d) / (d - 1))
    image = diagonal * x + x.sum()
    linear = np.arange(1, d + 1)
    return 0.5 * x @ image - linear @ x, image - linear


def styblinski_tang(x):
    return 0.5 * (x**4 - 16 * x**2 + 5 * x).sum(), 0.5 * (4 * x**3 - 32 * x + 5)


def linear(x):
    import numpy as np

    slopes = (-1.0) ** np.arange(len(x)) * (1 + np.arange(len(x)))
    return slopes @ x, slopes


def powell_singular(x):
    """Powell's singular function: the Hessian at the minimum, the origin, has rank two."""
    import numpy as np

    a, b, c, d = x
    value = (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4
    one, two, three, four = 2 * (a + 10 * b), 10 * (c - d), 4 * (b - 2 * c) ** 3, 40 * (a - d) ** 3
    return value, np.array([one + four, 10 * one + three, two - 2 * three, -two - four])


@fixture("NumericalMethodsTests", "bounded-minima", libraries=["scipy", "numpy"])
def bounded_minima():
    """Minima found by SciPy's L-BFGS-B with tight tolerances, and its number of evaluations with its default ones."""
    import numpy as np
    from scipy.optimize import minimize

    problems = {
        "rosenbrock": rosenbrock,
        "illConditionedQuadratic": ill_conditioned_quadratic,
        "styblinskiTang": styblinski_tang,
        "linear": linear,
        "powellSingular": powell_singular,
    }

    def solve(problem, start, bounds, ftol, gtol):
        return minimize(
            problems[problem], start, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxcor": 10, "ftol": ftol, "gtol": gtol, "maxiter": 15000, "maxfun": 15000},
        )

    def case(name, problem, start, lower=None, upper=None):
        d = len(start)
        lower = [None] * d if lower is None else lower
        upper = [None] * d if upper is None else upper
        start = np.array(start, dtype=float)
        bounds = list(zip(lower, upper))
        tight = solve(problem, start, bounds, 1e-16, 1e-9)
        plain = solve(problem, start, bounds, 2.22e-9, 1e-5)
        return {
            "name": name, "problem": problem, "start": start.tolist(), "lower": lower, "upper": upper,
            "point": tight.x.tolist(), "value": float(tight.fun), "evaluations": int(plain.nfev),
            "iterations": int(plain.nit),
        }

    rng = np.random.default_rng(20)
    cases = []
    for d in (2, 10, 50):
        classic = [(-1.2, 1.0)[i % 2] for i in range(d)]
        cases += [
            case(f"Rosenbrock, d = {d}", "rosenbrock", classic),
            case(f"Rosenbrock, d = {d}, no bound active", "rosenbrock", [0.5] * d, [-2.0] * d, [2.0] * d),
            case(f"Rosenbrock, d = {d}, upper bounds active", "rosenbrock", [0.0] * d, [-2.0] * d, [0.8] * d),
            case(
                f"Rosenbrock, d = {d}, every other lower bound active", "rosenbrock", [2.0] * d,
                [(1.5, None)[i % 2] for i in range(d)],
            ),
            case(f"Rosenbrock, d = {d}, random start", "rosenbrock", rng.uniform(-2, 2, d), [-2.0] * d, [2.0] * d),
        ]
    for d in (5, 10):
        cases += [
            case(f"Ill-conditioned quadratic, d = {d}", "illConditionedQuadratic", [1.0] * d),
            case(f"Ill-conditioned quadratic, d = {d}, in a box", "illConditionedQuadratic", [1.0] * d, [0.0] * d, [1.0] * d),
            case(
                f"Ill-conditioned quadratic, d = {d}, bounded below", "illConditionedQuadratic", [3.0] * d,
                [0.01 * (i % 3) for i in range(d)],
            ),
        ]
    for k in range(6):
        start = rng.uniform(-4, 4, 5)
        cases.append(case(f"Styblinski-Tang, start {k}", "styblinskiTang", start, [-4.0] * 5, [4.0] * 5))
    cases += [
        case("Linear, optimum at a vertex", "linear", [0.5] * 6, [0.0] * 6, [1.0] * 6),
        case("Linear, on a face of fixed variables", "linear", [0.5] * 4, [0.0, 0.25, 0.0, 0.5], [1.0, 0.25, 1.0, 0.5]),
        case("Styblinski-Tang, optimum at a vertex", "styblinskiTang", [1.5] * 4, [-1.0] * 4, [2.0] * 4),
        case("Rosenbrock, start outside the box", "rosenbrock", [9.0, -9.0, 9.0], [-1.0] * 3, [0.5, 2.0, 2.0]),
        case("Powell's singular function", "powellSingular", [3.0, -1.0, 0.0, 1.0]),
        case("Powell's singular function in a box", "powellSingular", [3.0, -1.0, 0.0, 1.0], [0.1, None, None, -1.0]),
    ]
    return {
        "tolerance": tolerance(
            1e-9, "Of the value, against max(1, its magnitude): both methods stop at a gradient of about 1e-9."
        ),
        "cases": cases,
    }


# Gaussian processes


@fixture("GaussianProcessesTests", "gaussian-processes", libraries=["mpmath", "numpy"])
def gaussian_processes():
    """Log marginal likelihoods with gradients, profiled means and posteriors, from the definitions in 60 digits."""
    import mpmath
    import numpy as np

    rng = np.random.default_rng(20)

    def squared_distance(kind, x, y):
        if kind == "categorical":
            return mpmath.mpf(x != y)
        if kind == "numeric":
            return (mpmath.mpf(x) - mpmath.mpf(y)) ** 2
        # A conditional number: null where it is inactive.
        if x is None or y is None:
            return mpmath.mpf((x is None) != (y is None))
        return 4 * mpmath.sin((mpmath.mpf(x) - mpmath.mpf(y)) / 2) ** 2

    def kernel(kinds, x, y, theta):
        s2 = sum(squared_distance(k, a, b) * mpmath.exp(-2 * t) for k, a, b, t in zip(kinds, x, y, theta))
        a = mpmath.sqrt(5 * s2)
        return mpmath.exp(theta[len(kinds)]) * (1 + a + a * a / 3) * mpmath.exp(-a)

    def solved(kinds, points, targets, known, theta):
        n = len(points)
        matrix = mpmath.matrix(n, n)
        for i in range(n):
            for j in range(n):
                matrix[i, j] = kernel(kinds, points[i], points[j], theta)
            matrix[i, i] += mpmath.exp(theta[-1]) if known[i] is None else mpmath.mpf(known[i])
        inverse = matrix**-1
        ones, y = mpmath.ones(n, 1), mpmath.matrix(targets)
        mean = (ones.T * inverse * y)[0] / (ones.T * inverse * ones)[0]
        weights = inverse * (y - mean * ones)
        quadratic = ((y - mean * ones).T * weights)[0]
        value = -(quadratic + mpmath.log(mpmath.det(matrix)) + n * mpmath.log(2 * mpmath.pi)) / 2
        return value, mean, weights, inverse

    def case(name, kinds, n, known=None):
        def coordinate(kind):
            if kind == "categorical":
                return int(rng.integers(0, 3))
            value = float(rng.uniform())
            return None if kind == "conditional" and rng.uniform() < 0.4 else value

        points = [[coordinate(kind) for kind in kinds] for _ in range(n)]
        queries = [[coordinate(kind) for kind in kinds] for _ in range(4)]
        targets = rng.normal(size=n).tolist()
        known = known or [None] * n
        theta = [mpmath.mpf(t) for t in rng.normal(-0.7, 0.5, len(kinds)).tolist() + [0.3, -4.0]]
        value, mean, weights, inverse = solved(kinds, points, targets, known, theta)

        def shifted(index, by):
            return solved(kinds, points, targets, known, [t + by * (i == index) for i, t in enumerate(theta)])[0]

        step = mpmath.mpf(10) ** -15
        gradient = [(shifted(i, step) - shifted(i, -step)) / (2 * step) for i in range(len(theta))]
        cross = mpmath.matrix([[kernel(kinds, p, q, theta) for q in queries] for p in points])
        prior = mpmath.matrix([[kernel(kinds, p, q, theta) for q in queries] for p in queries])
        covariance = prior - cross.T * inverse * cross
        return {
            "name": name,
            "kinds": kinds,
            "points": points,
            "targets": targets,
            "knownNoiseVariances": known,
            "theta": [float(t) for t in theta],
            "logMarginalLikelihood": float(value),
            "gradient": [float(g) for g in gradient],
            "mean": float(mean),
            "queries": queries,
            "means": [float(m + mean) for m in cross.T * weights],
            "covariance": [[float(covariance[i, j]) for j in range(4)] for i in range(4)],
        }

    with mpmath.workdps(60):
        cases = [
            case("one observation", ["numeric", "numeric"], 1),
            case("numbers", ["numeric"] * 3, 9),
            case("numbers with known noise", ["numeric"] * 2, 6, [None, 0.3, None, 1e-3, 2.0, None]),
            case("levels", ["categorical"] * 2, 7),
            case("numbers and levels", ["numeric", "categorical", "numeric"], 9),
            case("a conditional space", ["categorical", "conditional", "conditional", "numeric"], 10),
        ]
    return {
        "tolerance": tolerance(1e-10, "The covariance matrices have condition numbers up to about 1e4."),
        "cases": cases,
    }


@fixture("GaussianProcessesTests", "ridge-regression", libraries=["scikit-learn", "numpy"])
def ridge_regression():
    """Ridge regression with the penalty by leave-one-out cross-validation, from scikit-learn's RidgeCV."""
    import numpy as np
    from sklearn.linear_model import RidgeCV

    rng = np.random.default_rng(23)

    def case(name, n, q, noise):
        design = rng.uniform(-0.5, 0.5, (n, q)) + rng.uniform(-1, 1, q)
        targets = design @ rng.normal(size=q) + noise * rng.normal(size=n)
        model = RidgeCV(10.0 ** np.arange(-6, 3)).fit(design, targets)
        queries = rng.uniform(-0.5, 0.5, (3, q))
        return {
            "name": name, "design": design.tolist(), "targets": targets.tolist(), "penalty": float(model.alpha_),
            "leaveOneOutError": float(-model.best_score_), "intercept": float(model.intercept_),
            "coefficients": model.coef_.tolist(), "queries": queries.tolist(), "values": model.predict(queries).tolist(),
        }

    return {
        "tolerance": tolerance(1e-9, "The normal equations have condition numbers up to 1e6."),
        "cases": [
            case("more observations than terms", 30, 4, 0.3),
            case("next to no noise", 25, 5, 1e-4),
            case("as many", 8, 8, 0.1),
            case("fewer observations than terms", 10, 25, 0.1),
            case("nothing but noise", 20, 6, 50),
        ],
    }


@fixture("GaussianProcessesTests", "mean-functions", libraries=["scikit-learn", "numpy"])
def mean_functions():
    """Linear, quadratic and radial mean functions, as scikit-learn's RidgeCV on their terms."""
    import numpy as np
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures

    rng = np.random.default_rng(24)
    penalties = 10.0 ** np.arange(-6, 3)

    def case(name, n, numeric, categorical):
        def draw(count):
            return np.hstack([rng.uniform(size=(count, numeric)), rng.integers(0, 3, (count, categorical))])

        points, queries = draw(n), draw(4)
        targets = np.cos(3 * points[:, 0]) + points.sum(axis=1) + 0.1 * rng.normal(size=n)
        encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(points[:, numeric:]) if categorical else None

        def features(x):
            levels = [encoder.transform(x[:, numeric:]) * math.sqrt(0.5)] if categorical else []
            return np.hstack([x[:, :numeric] - 0.5, *levels])

        def quadratic(x):
            z = features(x)
            squares = z[:, :numeric] ** 2
            groups = [-1 - i for i in range(numeric)] + [
                g for g, levels in enumerate(encoder.categories_ if categorical else []) for _ in levels
            ]
            pairs = [(i, j) for i in range(z.shape[1]) for j in range(i + 1, z.shape[1]) if groups[i] != groups[j]]
            if z.shape[1] + numeric + len(pairs) >= n:
                pairs = []
            return np.hstack([z, squares] + [(z[:, i] * z[:, j])[:, None] for i, j in pairs])

        if not categorical and numeric == 2:
            full = PolynomialFeatures(2, include_bias=False).fit_transform(features(points))
            assert np.allclose(np.sort(full, axis=1), np.sort(quadratic(points), axis=1))

        def fitted(terms):
            return RidgeCV(penalties).fit(terms(points), targets)

        def radial(width):
            centers = features(points)
            return lambda x: np.exp(-width * ((features(x)[:, None] - centers[None]) ** 2).sum(axis=2))

        widths = [radial(10**e) for e in np.arange(-3, 2.25, 0.5)]
        best = max(widths, key=lambda terms: fitted(terms).best_score_)
        values = {
            kind: fitted(terms).predict(terms(queries)).tolist()
            for kind, terms in [("linear", features), ("quadratic", quadratic), ("rbf_network", best)]
        }
        return {
            "name": name, "numeric": numeric, "categorical": categorical, "points": points.tolist(),
            "targets": targets.tolist(), "queries": queries.tolist(), "values": values,
        }

    return {
        "tolerance": tolerance(1e-7, "With penalties down to 1e-6 the normal equations' rounding is magnified."),
        "cases": [
            case("two numbers, all quadratic terms", 20, 2, 0),
            case("five numbers, squares alone", 15, 5, 0),
            case("numbers and levels", 40, 2, 1),
            case("fewer observations than terms", 5, 3, 2),
        ],
    }


@fixture("GaussianProcessesTests", "radial-correlations", libraries=["mpmath", "numpy"])
def radial_correlations():
    """Correlations c and slopes B = -2 dc/d(s2) by the scaled squared distance s2, from their definitions in 60 digits."""
    import mpmath
    import numpy as np

    def matern52(s2):
        a = mpmath.sqrt(5 * s2)
        return (1 + a + a * a / 3) * mpmath.exp(-a), mpmath.mpf(5) / 3 * (1 + a) * mpmath.exp(-a)

    def matern32(s2):
        a = mpmath.sqrt(3 * s2)
        return (1 + a) * mpmath.exp(-a), 3 * mpmath.exp(-a)

    def squared_exponential(s2):
        return mpmath.exp(-s2 / 2), mpmath.exp(-s2 / 2)

    rng = np.random.default_rng(31)
    distances = [0.0, 5e-324, 1e-300, 1e-160, 1e-16, 1e-8, 1e-4]
    distances += np.abs(spread(rng, -4, 2, 40)).tolist() + [300.0, 1000.0, 1400.0, 2500.0, 2e4, 9e4]
    with mpmath.workdps(60):
        cases = []
        for name, function in [
            ("matern52", matern52), ("matern32", matern32), ("squared_exponential", squared_exponential)
        ]:
            pairs = [(s2, *function(mpmath.mpf(s2))) for s2 in distances]
            # Below the smallest normal number the loops answer 0.
            pairs = [pair for pair in pairs if pair[2] > mpmath.mpf(10) ** -300]
            cases.append({
                "name": name,
                "squaredDistances": [pair[0] for pair in pairs],
                "values": [float(pair[1]) for pair in pairs],
                "slopes": [float(pair[2]) for pair in pairs],
            })
    return {
        "tolerance": tolerance(1e-12, "At a = 700 the rounding of a alone costs 700 units in the last place."),
        "cases": cases,
    }


@fixture("GaussianProcessesTests", "kumaraswamy", libraries=["botorch", "torch"])
def kumaraswamy():
    """Input warpings by BoTorch, with derivatives by automatic differentiation."""
    import torch
    from botorch.models.transforms.utils import kumaraswamy_warp

    def case(x, a, b):
        x, log_a, log_b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, math.log(a), math.log(b)))
        value = kumaraswamy_warp(x, c0=log_b.exp(), c1=log_a.exp(), eps=1e-7)
        gradient = torch.autograd.grad(value, (x, log_a, log_b))
        return {
            "x": x.item(), "logA": log_a.item(), "logB": log_b.item(), "value": value.item(),
            "gradient": [g.item() for g in gradient],
        }

    shapes = [(1, 1), (0.5, 2), (3, 0.7), (0.1, 0.1), (10, 10), (1.3, 1)]
    return {
        "tolerance": tolerance(1e-8, "BoTorch's formula loses digits next to 0 and 1, where the slope is up to 1e6."),
        "cases": [case(x, a, b) for a, b in shapes for x in (1e-10, 1e-4, 0.02, 0.3, 0.5, 0.77, 0.99, 1.0)],
    }


@fixture("BilevelTests", "adam", libraries=["torch", "numpy"])
def adam():
    """Points that PyTorch's Adam goes through along given gradients, of sizes from 1e-6 to 1e6."""
    import numpy as np
    import torch

    def case(d, rate, sizes):
        rng = np.random.default_rng(d)
        start = rng.uniform(-1, 1, d)
        gradients = [(rng.normal(size=d) * size) for size in sizes]
        point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.Adam([point], lr=rate)
        points = []
        for gradient in gradients:
            point.grad = torch.tensor(gradient, dtype=torch.float64)
            optimiser.step()
            points.append(point.detach().tolist())
        return {"rate": rate, "start": start.tolist(), "gradients": [g.tolist() for g in gradients], "points": points}

    return {
        "tolerance": tolerance(1e-12, "The operations are in another order."),
        "cases": [
            case(1, 0.01, [1.0] * 12),
            case(3, 0.1, [1.0, 10.0, 0.1] * 5),
            case(4, 0.001, [10.0**k for k in range(-6, 7)]),
        ],
    }


@fixture("BestResponseTests", "optimisers", libraries=["torch", "numpy"])
def optimisers():
    """Points that PyTorch's SGD with momentum, Adam and RMSprop go through along given gradients."""
    import numpy as np
    import torch

    def case(name, make, sizes):
        rng = np.random.default_rng(5)
        point = torch.tensor(rng.uniform(-1, 1, 3), dtype=torch.float64, requires_grad=True)
        start = point.detach().tolist()
        optimiser = make([point])
        gradients, points = [], []
        for size in sizes:
            gradient = rng.normal(size=3) * size
            point.grad = torch.tensor(gradient, dtype=torch.float64)
            optimiser.step()
            gradients.append(gradient.tolist())
            points.append(point.detach().tolist())
        return {"name": name, "start": start, "gradients": gradients, "points": points}

    sizes = [1.0, 10.0, 0.1, 1e-4, 1e3, 1.0, 0.0, 1.0]
    return {
        "tolerance": tolerance(1e-12, "The operations are in another order."),
        "cases": [
            case("momentum", lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), sizes),
            case("adam", lambda p: torch.optim.Adam(p, lr=0.01), sizes),
            case("rmsProp", lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99), sizes),
        ],
    }


@fixture("BestResponseTests", "responding-networks", libraries=["torch", "numpy"])
def networks():
    """Scores, losses and gradients by parameters and responses of small networks, by PyTorch's automatic differentiation."""
    import numpy as np
    import torch
    import torch.nn.functional as F

    torch.set_default_dtype(torch.float64)

    def case(name, shape, layers, responds, has_scale, n, seed, smoothing):
        rng = np.random.default_rng(seed)
        rows, columns, channels = shape
        x = torch.tensor(rng.normal(size=(n, rows * columns * channels)))
        inputs = torch.tensor(rng.normal(size=(n, max(responds, 1))), requires_grad=True)
        flat, places = [], []

        def take(rows, columns):
            start = sum(len(part) for part in flat)
            flat.append(rng.uniform(-0.6, 0.6, rows * columns))
            places.append((start, rows, columns))
            return len(places) - 1

        # The shapes come first, so that there is one vector of parameters.
        plan, h, w, c = [], rows, columns, channels
        for layer in layers:
            if layer[0] in ("dense", "convolution"):
                if layer[0] == "dense":
                    fan, out = h * w * c, layer[1]
                    h, w = 1, 1
                else:
                    _, out, k, stride, padding = layer
                    fan = k * k * c
                    h, w = (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1
                blocks = [take(out, fan), take(out, 1)]
                if responds:
                    if has_scale:
                        blocks.append(take(1, 1))
                    blocks += [take(out, fan), take(out, 1), take(out, responds), take(out, responds)]
                plan.append((layer, blocks, c))
                c = out
            else:
                if layer[0] == "pool":
                    h, w = h // layer[1], w // layer[1]
                plan.append((layer, None, c))
        parameters = torch.tensor(np.concatenate(flat), requires_grad=True)

        def block(index):
            start, rows, columns = places[index]
            return parameters[start:start + rows * columns].view(columns, rows).T

        # Images are n × c × h × w here.
        y = x.view(n, rows, columns, channels).permute(0, 3, 1, 2)
        for layer, blocks, c in plan:
            if layer[0] == "relu":
                y = F.relu(y)
            elif layer[0] == "tanh":
                y = torch.tanh(y)
            elif layer[0] == "pool":
                y = F.max_pool2d(y, layer[1])
            else:
                if layer[0] == "dense":
                    flatten = y.permute(0, 2, 3, 1).reshape(n, -1)

                    def apply(weight):
                        return (flatten @ weight.T)[:, :, None, None]
                else:
                    _, out, k, stride, padding = layer
                    image = y

                    def apply(weight):
                        kernel = weight.reshape(out, k, k, c).permute(0, 3, 1, 2)
                        return F.conv2d(image, kernel, stride=stride, padding=padding)

                rest = list(blocks)
                result = apply(block(rest.pop(0))) + block(rest.pop(0)).view(1, -1, 1, 1)
                if responds:
                    if has_scale:
                        result = block(rest.pop(0)) * result
                    v, b, gate, bias_gate = (block(i) for i in rest)
                    e = (inputs @ gate.T)[:, :, None, None]
                    result = result + e * apply(v) + ((inputs @ bias_gate.T) * b[:, 0])[:, :, None, None]
                y = result
        scores = y.reshape(n, -1)
        labels = torch.tensor(rng.integers(0, scores.shape[1], n))
        loss = F.cross_entropy(scores, labels, label_smoothing=smoothing)
        loss.backward()
        return {
            "name": name, "shape": list(shape), "responds": responds, "hasScale": has_scale, "smoothing": smoothing,
            "layers": [list(map(str, layer)) for layer in layers], "x": x.tolist(), "inputs": inputs.tolist(),
            "labels": labels.tolist(), "parameters": parameters.tolist(), "scores": scores.tolist(),
            "loss": loss.item(), "gradient": parameters.grad.tolist(),
            "inputGradient": inputs.grad.tolist() if responds else [],
        }

    image = [
        ("convolution", 3, 3, 1, 1), ("tanh",), ("pool", 2), ("convolution", 4, 2, 2, 1), ("relu",), ("dense", 5),
    ]
    flat = [("dense", 6), ("relu",), ("dense", 5), ("tanh",), ("dense", 3)]
    return {
        "tolerance": tolerance(1e-11, "The operations are in another order."),
        "cases": [
            case("dense", (1, 1, 7), flat, 0, False, 5, 1, 0.0),
            case("dense with response", (1, 1, 7), flat, 2, False, 5, 2, 0.1),
            case("dense with scaled response", (1, 1, 7), flat, 3, True, 5, 3, 0.0),
            case("convolutional", (6, 5, 2), image, 0, False, 3, 4, 0.2),
            case("convolutional with response", (6, 5, 2), image, 2, True, 3, 5, 0.0),
        ],
    }


@fixture("GaussianProcessesTests", "botorch-processes", libraries=["botorch", "gpytorch", "torch", "scipy", "numpy"])
def botorch_processes():
    """Kernel matrices, likelihoods with priors and their gradients, and posteriors, from BoTorch, GPyTorch and SciPy."""
    import gpytorch
    import numpy as np
    import scipy.linalg
    import torch
    from botorch.models import SingleTaskGP
    from botorch.models.transforms.input import Warp
    from gpytorch.constraints import Positive
    from gpytorch.priors import LogNormalPrior

    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(25)
    log_positive = {"transform": torch.exp, "inv_transform": torch.log}

    def case(name, kernel, d, n, warped=False, known=False):
        x = torch.tensor(rng.uniform(size=(n, d)))
        y = torch.tensor(rng.normal(size=(n, 1)))
        pending, queries = torch.tensor(rng.uniform(size=(3, d))), torch.tensor(rng.uniform(size=(5, d)))
        log_lengthscales, log_signal, log_noise = rng.normal(-0.5, 0.4, d), 0.4, -3.5
        log_shapes = rng.normal(0, 0.5, 2 * d) if warped else np.zeros(0)
        variances = rng.uniform(0.01, 0.5, n) if known else np.full(n, math.exp(log_noise))

        constraint = Positive(**log_positive)
        base = {
            "matern52": lambda: gpytorch.kernels.MaternKernel(2.5, ard_num_dims=d, lengthscale_constraint=constraint),
            "matern32": lambda: gpytorch.kernels.MaternKernel(1.5, ard_num_dims=d, lengthscale_constraint=constraint),
            "squared_exponential": lambda: gpytorch.kernels.RBFKernel(ard_num_dims=d, lengthscale_constraint=constraint),
        }[kernel]()
        covariance = gpytorch.kernels.ScaleKernel(base, outputscale_constraint=Positive(**log_positive))
        base.lengthscale = torch.tensor(np.exp(log_lengthscales))
        covariance.outputscale = math.exp(log_signal)
        warp = None
        if warped:
            warp = Warp(d=d, indices=list(range(d)), bounds=torch.tensor([[0.0] * d, [1.0] * d], dtype=torch.float64))
            warp._set_concentration(1, torch.tensor(np.exp(log_shapes[:d])))
            warp._set_concentration(0, torch.tensor(np.exp(log_shapes[d:])))
        mean = gpytorch.means.ConstantMean()
        mean.constant.data.fill_(0.3)
        mean.constant.requires_grad_(False)
        likelihood = None if known else gpytorch.likelihoods.GaussianLikelihood(noise_constraint=Positive(**log_positive))
        model = SingleTaskGP(
            x, y, train_Yvar=torch.tensor(variances)[:, None] if known else None, likelihood=likelihood,
            covar_module=covariance, mean_module=mean, outcome_transform=None, input_transform=warp,
        ).double()
        if not known:
            model.likelihood.noise = math.exp(log_noise)

        model.train()
        marginal = gpytorch.mlls.ExactMarginalLogLikelihood(model.likelihood, model)
        value = n * marginal(model(*model.train_inputs), model.train_targets)
        value.backward()
        gradient = base.raw_lengthscale.grad.flatten().tolist() + [covariance.raw_outputscale.grad.item()]
        if warped:
            gradient += (warp.concentration1.grad * warp.concentration1).tolist()
            gradient += (warp.concentration0.grad * warp.concentration0).tolist()
        gradient.append(0.0 if known else model.likelihood.raw_noise.grad.item())

        logs = torch.tensor([*log_lengthscales, log_signal, log_noise], dtype=torch.float64, requires_grad=True)
        prior = LogNormalPrior(math.sqrt(2) + math.log(d) / 2, math.sqrt(3)).log_prob(logs[:d].exp()).sum()
        prior = prior + LogNormalPrior(0.0, 1.0).log_prob(logs[d].exp())
        prior = prior + LogNormalPrior(-4.0, 2.0).log_prob(logs[d + 1].exp())
        (prior_gradient,) = torch.autograd.grad(prior, logs)

        model.eval()
        with torch.no_grad():
            posterior = model.posterior(queries)
            everything = torch.cat([x, pending, queries])
            full = covariance(warp(everything) if warped else everything).to_dense().numpy()
            matrix = full[:n, :n]
        # Pending points: measured with a nugget of 1e-6 of the signal variance, at two standard normal draws.
        m = n + len(pending)
        conditioned = full[:m, :m] + np.diag([*variances, *[1e-6 * math.exp(log_signal)] * len(pending)])
        factor = scipy.linalg.cho_factor(conditioned, lower=True)
        normals = [0.7, -1.1, 0.2]
        solved = scipy.linalg.cho_solve((factor[0][:n, :n], True), y.numpy()[:, 0] - 0.3)
        pending_means = 0.3 + full[n:m, :n] @ solved
        values = pending_means + np.tril(factor[0])[n:, n:] @ normals
        residuals = np.concatenate([y.numpy()[:, 0], values]) - 0.3
        cross = full[:m, m:]
        return {
            "name": name, "kernel": kernel, "points": x.tolist(), "targets": y[:, 0].tolist(),
            "knownNoiseVariances": variances.tolist() if known else None,
            "logLengthscales": log_lengthscales.tolist(), "logSignalVariance": log_signal, "logNoiseVariance": log_noise,
            "logWarpingShapes": log_shapes.tolist(), "mean": 0.3, "matrix": matrix.tolist(),
            "logMarginalLikelihood": value.item(), "gradient": gradient,
            "logPrior": prior.item(), "priorGradient": prior_gradient.tolist(),
            "queries": queries.tolist(), "means": posterior.mean[:, 0].tolist(),
            "covariance": posterior.distribution.covariance_matrix.tolist(),
            "pending": pending.tolist(), "normals": normals, "pendingMeans": pending_means.tolist(),
            "fantasisedMeans": (0.3 + cross.T @ scipy.linalg.cho_solve(factor, residuals)).tolist(),
            "fantasisedVariances": np.diag(full[m:, m:] - cross.T @ scipy.linalg.cho_solve(factor, cross)).tolist(),
        }

    with gpytorch.settings.fast_computations(False, False, False), gpytorch.settings.cholesky_jitter(double_value=1e-14):
        cases = [
            case(f"{kernel}, {d} dimensions, {n} points", kernel, d, n)
            for kernel in ("matern52", "matern32", "squared_exponential") for d, n in ((1, 6), (4, 15))
        ]
        cases += [
            case("known noise", "matern52", 3, 12, known=True),
            case("warped inputs", "matern52", 2, 14, warped=True),
            case("warped inputs with known noise", "matern32", 3, 10, warped=True, known=True),
        ]
    return {
        "tolerance": tolerance(1e-8, "GPyTorch's distances are good to half the digits where points are close."),
        "cases": cases,
    }


@fixture("GaussianProcessesTests", "yeo-johnson", libraries=["mpmath"])
def yeo_johnson():
    """The transformation of Yeo and Johnson in 60-digit arithmetic."""
    import mpmath

    def case(x, power):
        sign, p = (1, mpmath.mpf(power)) if x >= 0 else (-1, 2 - mpmath.mpf(power))
        l = mpmath.log(1 + abs(mpmath.mpf(x)))
        return {"x": x, "power": power, "image": float(sign * (l if p == 0 else mpmath.expm1(p * l) / p))}

    pairs = [(x, p) for x in (0.0, 1e-300, 1e-9, 0.3, 2.5, 1e6, 1e300) for p in (-2.0, -0.5, 0.0, 1e-12, 0.4, 1.0)]
    pairs += [(x, p) for x in (0.3, 2.5, 1e6) for p in (2.0, 3.1, 4.0)]
    with mpmath.workdps(400):
        cases = [case(s * x, q) for x, p in pairs for s, q in ((1, p), (-1, 2 - p))]
    return {
        "tolerance": tolerance(1e-12, "Of the image: e^(λL) with λL up to 700 magnifies the rounding of L."),
        "cases": cases,
    }


@fixture("GaussianProcessesTests", "yeo-johnson-powers", libraries=["scipy", "numpy", "scikit-learn"])
def yeo_johnson_powers():
    """The most likely powers of Yeo and Johnson and the values they give, from SciPy; checked against scikit-learn."""
    import numpy as np
    from scipy import optimize, stats
    from sklearn.preprocessing import PowerTransformer

    rng = np.random.default_rng(22)

    def case(name, values):
        values = np.asarray(values, dtype=float)
        low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
        relative = (values - median) / ((high - low) / 1.349)
        power = optimize.minimize_scalar(
            lambda t: -stats.yeojohnson_llf(t, relative), bounds=(-2, 4), method="bounded", options={"xatol": 1e-11}
        ).x
        fitted = PowerTransformer(method="yeo-johnson").fit(relative[:, None]).lambdas_[0]
        assert abs(power - fitted) < 1e-4, (name, power, fitted)
        warped = stats.zscore(stats.yeojohnson(relative, power))
        return {"name": name, "values": values.tolist(), "power": float(power), "warped": warped.tolist()}

    return {
        "tolerance": tolerance(1e-6, "Of the power: a likelihood is flat to rounding within 1e-7 or so of its peak."),
        "cases": [
            case("normal", rng.normal(3, 2, 40)),
            case("log-normal, a long bad tail", rng.lognormal(0, 1.5, 60)),
            case("a long good tail", -rng.lognormal(0, 1, 50) - 7),
            case("both tails", rng.standard_t(2, 80)),
            case("four values", [1.0, 2.0, 4.0, 9.0]),
        ],
    }


# Bayesian optimisation


@fixture("BayesianOptimizationTests", "log-expected-improvement", libraries=["mpmath", "numpy"])
def log_expected_improvement():
    """The logarithm of expected improvement and its derivatives by mean and deviation, in 60-digit arithmetic."""
    import mpmath
    import numpy as np

    rng = np.random.default_rng(21)

    def ratios(u):
        """ln h, Φ/h and φ/h for h = φ + uΦ."""
        log_pdf = -u * u / 2 - mpmath.log(2 * mpmath.pi) / 2
        if u < -1e4:
            # Asymptotic series of h/φ and Φ/φ, exact to 1e-40 here; differences of logarithms would lose everything.
            rest = u**-2 - 3 * u**-4 + 15 * u**-6 - 105 * u**-8 + 945 * u**-10
            mills = -1 / u + 1 / u**3 - 3 / u**5 + 15 / u**7 - 105 / u**9 + 945 / u**11
            return log_pdf + mpmath.log(rest), mills / rest, 1 / rest
        with mpmath.extradps(40):
            cdf = mpmath.erfc(-u / mpmath.sqrt(2)) / 2
            h = mpmath.npdf(u) + u * cdf
            return mpmath.log(h), cdf / h, mpmath.npdf(u) / h

    def case(mean, deviation, incumbent):
        mean, deviation, incumbent = (float(x) for x in (mean, deviation, incumbent))
        exact = [mpmath.mpf(x) for x in (mean, deviation, incumbent)]
        log_h, by_mean, by_deviation = ratios((exact[2] - exact[0]) / exact[1])
        return {
            "mean": mean,
            "deviation": deviation,
            "incumbent": incumbent,
            "value": float(mpmath.log(exact[1]) + log_h),
            "byMean": float(-by_mean / exact[1]),
            "byDeviation": float(by_deviation / exact[1]),
        }

    with mpmath.workdps(60):
        cases = [case(0, 1, u) for u in (0, 1, -1, 3, 12, 37, -0.9999999, -1.0000001, -5, -50, -999.9, -1000, -1000.1)]
        cases += [case(0, 1, u) for u in (-1e5, -1e8, -1e20, -1e99, 1e5, 1e99)]
        moments = zip(rng.normal(size=30), 10 ** rng.uniform(-3, 1, 30), rng.normal(size=30))
        cases += [case(*values) for values in moments]
        cases += [case(0, 10.0**e, -2 * 10.0**e) for e in (-99, -30, 30, 99)]
    return {
        "tolerance": tolerance(
            1e-9, "Between -1000 and -1, 1 - |u|M cancels to 1/u², which leaves about 1e-10 at the far end."
        ),
        "cases": cases,
    }


@fixture("BayesianOptimizationTests", "acquisitions", libraries=["numpy", "scipy", "torch", "botorch"])
def acquisitions():
    """Expected improvement, the log probability of improvement and lower confidence bounds with their derivatives by
    mean and deviation, from SciPy's normal distribution; and BoTorch's analytic acquisitions at the same moments."""
    import numpy as np
    import torch
    from botorch.acquisition import analytic
    from botorch.models.model import Model
    from botorch.posteriors import GPyTorchPosterior
    from gpytorch.distributions import MultivariateNormal
    from scipy.special import erfcx, log_ndtr, ndtr
    from scipy.stats import norm

    class Moments(Model):
        """A model that believes what it is told."""

        num_outputs = 1

        def __init__(self, mean, deviation):
            super().__init__()
            self.mean, self.deviation = mean, deviation

        def posterior(self, X, *_, **__):
            mean = torch.full(X.shape[:-1], self.mean, dtype=torch.double)
            variance = torch.full((*X.shape[:-1], 1), self.deviation**2, dtype=torch.double)
            return GPyTorchPosterior(MultivariateNormal(mean, torch.diag_embed(variance)))

    rng = np.random.default_rng(22)
    coefficient = 1.8
    at = torch.zeros(1, 1, 1, dtype=torch.double)

    def exact(number):
        # Of a plain number BoTorch makes a tensor in single precision.
        return torch.tensor(number, dtype=torch.double)

    def case(mean, deviation, incumbent):
        mean, deviation, incumbent = float(mean), float(deviation), float(incumbent)
        u = (incumbent - mean) / deviation
        # φ/Φ, from erfcx where both vanish.
        hazard = norm.pdf(u) / ndtr(u) if u > -5 else math.sqrt(2 / math.pi) / erfcx(-u / math.sqrt(2))
        model = Moments(mean, deviation)
        peers = {
            "ei": analytic.ExpectedImprovement(model, best_f=exact(incumbent), maximize=False),
            "logPI": analytic.LogProbabilityOfImprovement(model, best_f=exact(incumbent), maximize=False),
            "ucb": analytic.UpperConfidenceBound(model, beta=exact(coefficient**2), maximize=False),
        }
        return {
            "mean": mean,
            "deviation": deviation,
            "incumbent": incumbent,
            "ei": [deviation * (norm.pdf(u) + u * ndtr(u)), -ndtr(u), norm.pdf(u)],
            "logPI": [log_ndtr(u), -hazard / deviation, -u * hazard / deviation],
            "ucb": [coefficient * deviation - mean, -1.0, coefficient],
            "botorch": {name: float(acquisition(at)) for name, acquisition in peers.items()},
        }

    cases = [case(0, 1, u) for u in (-4, -1, -0.5, 0, 0.5, 1, 4)]
    cases += [case(rng.normal(), 10 ** rng.uniform(-2, 1), rng.normal()) for _ in range(40)]
    # Differences of nearly equal terms leave SciPy's own expected improvement few digits below -5; `log_ei` goes on.
    cases = [values for values in cases if (values["incumbent"] - values["mean"]) / values["deviation"] > -5]
    cases += [case(0, 1, u) | {"ei": None, "botorch": None} for u in (-8, -30, -1e3, -1e5, 8, 40, 1e5)]
    return {
        "tolerance": tolerance(1e-10, "At -5 the expected improvement is a difference that loses three digits."),
        "coefficient": coefficient,
        "cases": cases,
    }


# Bilevel problems


@fixture("BilevelTests", "bilevel-families", libraries=["torch", "numpy"])
def bilevel_families():
    """Lower-level problems at a point, their solutions and hypergradients, by PyTorch's automatic differentiation."""
    import numpy as np
    import torch

    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(41)

    def tensor(values):
        return torch.tensor(np.asarray(values))

    def derivatives(h, x, theta):
        def gradient(at, by):
            return torch.autograd.grad(h(at, by), at, create_graph=True)[0]

        hessian = torch.autograd.functional.hessian(lambda at: h(at, theta), x)
        cross = torch.autograd.functional.jacobian(lambda by: gradient(x.clone().requires_grad_(), by), theta)
        slope = torch.autograd.functional.jacobian(lambda at: h(at, theta), x)
        return slope, hessian, cross

    def case(name, data, p, theta, h, g, around=0.0, solves=True):
        theta = tensor(theta)
        x = tensor(around + rng.normal(size=p))
        v, q = tensor(rng.normal(size=p)), tensor(rng.normal(size=p))
        slope, hessian, cross = derivatives(h, x, theta)
        result = {
            "name": name, "data": data, "theta": theta.tolist(), "x": x.tolist(), "v": v.tolist(), "q": q.tolist(),
            "value": float(h(x, theta)), "gradient": slope.tolist(), "hessianProduct": (hessian @ v).tolist(),
            "crossTransposeProduct": (cross.T @ q).tolist(),
            "hyperparameterGradient": torch.autograd.functional.jacobian(lambda by: h(x, by), theta).tolist(),
            "upperValue": float(g(x, theta)),
            "upperGradient": torch.autograd.functional.jacobian(lambda at: g(at, theta), x).tolist(),
        }
        if not solves:
            return result
        for _ in range(200):
            slope, hessian, cross = derivatives(h, x, theta)
            step, length = torch.linalg.solve(hessian, slope), 1.0
            if slope.norm() < 1e-13:
                break
            while h(x - length * step, theta) > h(x, theta) + 1e-14 and length > 1e-8:
                length /= 2
            x = x - length * step
        upper = torch.autograd.functional.jacobian(lambda at: g(at, theta), x)
        by_theta = torch.autograd.functional.jacobian(lambda by: g(x, by), theta)
        hypergradient = by_theta - cross.T @ torch.linalg.solve(hessian, upper)
        return result | {
            "solution": x.tolist(), "solutionValue": float(g(x, theta)), "hypergradient": hypergradient.tolist(),
        }

    def table(rows, columns):
        return rng.normal(size=(rows, columns))

    n, m, p, k = 9, 7, 4, 3
    design, validation = table(n, p), table(m, p)
    targets, validation_targets = rng.normal(size=n), rng.normal(size=m)
    labels, validation_labels = rng.integers(0, k, n), rng.integers(0, k, m)
    labels[:k], validation_labels[:k] = range(k), range(k)
    signs, validation_signs = rng.choice([-1.0, 1.0], n), rng.choice([-1.0, 1.0], m)
    a, b, va, vb = map(tensor, (design, targets, validation, validation_targets))
    s, vs = tensor(signs), tensor(validation_signs)
    linear = {"design": design.tolist(), "validation": validation.tolist()}
    regression = linear | {"targets": targets.tolist(), "validationTargets": validation_targets.tolist()}
    binary = linear | {"signs": signs.tolist(), "validationSigns": validation_signs.tolist()}
    several = linear | {"labels": labels.tolist(), "validationLabels": validation_labels.tolist(), "classes": k}

    def squared(x, theta):
        return ((va @ x - vb) ** 2).mean() / 2

    def softmax_losses(rows, classes, x):
        scores = rows @ x.reshape(k, p).T
        return torch.logsumexp(scores, 1) - scores[torch.arange(len(classes)), torch.tensor(classes)]

    def cross_entropy(x, theta):
        return softmax_losses(va, validation_labels, x).mean()

    cases = []
    groups = [0, 1, 1, 0]
    for name, structure, count, spread in [
        ("shared", None, 1, lambda t: t.repeat(p)), ("grouped", groups, 2, lambda t: t[groups]),
        ("per weight", list(range(p)), p, lambda t: t),
    ]:
        def ridge(x, theta, spread=spread):
            return ((a @ x - b) ** 2).mean() / 2 + (torch.exp(spread(theta)) * x**2).sum() / 2

        def logistic(x, theta, spread=spread):
            return torch.nn.functional.softplus(-s * (a @ x)).mean() + (torch.exp(spread(theta)) * x**2).sum() / 2

        def logistic_sum(x, theta, spread=spread):
            return torch.nn.functional.softplus(-s * (a @ x)).sum() + (torch.exp(spread(theta)) * x**2).sum()

        theta = rng.normal(size=count) - 1
        extra = {"groups": structure} if structure else {}
        cases.append(case(f"ridge, {name}", regression | extra, p, theta, ridge, squared))
        cases.append(case(
            f"logistic, {name}", binary | extra, p, theta, logistic,
            lambda x, theta: torch.nn.functional.softplus(-vs * (va @ x)).mean()))
        cases.append(case(
            f"logistic sum, {name}", binary | extra, p, theta, logistic_sum,
            lambda x, theta: torch.nn.functional.softplus(-vs * (va @ x)).sum()))

    for name, structure, count in [("shared", None, 1), ("per weight", list(range(p * k)), p * k)]:
        def multinomial(x, theta):
            return softmax_losses(a, labels, x).mean() + (torch.exp(theta) * x**2).sum() / 2

        extra = {"groups": structure} if structure else {}
        cases.append(case(
            f"multinomial, {name}", several | extra, p * k, rng.normal(size=count) - 1, multinomial, cross_entropy))

    def cleaning(x, theta):
        return (torch.sigmoid(theta) * softmax_losses(a, labels, x)).mean() + 0.05 * (x**2).sum()

    cases.append(case("hyper-cleaning", several | {"penalty": 0.1}, p * k, rng.normal(size=n), cleaning, cross_entropy))

    def kernel(left, right, theta):
        return torch.exp(-torch.exp(theta[0]) * ((left[:, None] - right[None]) ** 2).sum(-1))

    cases.append(case(
        "kernel ridge", regression, n, [-1.5, -1.0],
        lambda x, theta: x @ (kernel(a, a, theta) @ x + torch.exp(theta[1]) * x) / 2 - b @ x,
        lambda x, theta: ((kernel(va, a, theta) @ x - vb) ** 2).mean() / 2))

    # Two signals of length 6, before which there is silence.
    noisy, clean = rng.normal(size=12), rng.normal(size=12)

    def variation(x, theta):
        alpha, nu, xi = torch.exp(theta)
        signals = x.reshape(2, 6)
        steps = torch.diff(torch.cat([torch.zeros(2, 1), signals], 1), dim=1)
        return ((x - tensor(noisy)) ** 2).sum() / 2 + alpha * torch.sqrt(steps**2 + nu**2).sum() + xi / 2 * (x**2).sum()

    def distance(target):
        return lambda x, theta: ((x - tensor(target)) ** 2).sum()

    cases.append(case(
        "variation in one dimension", {"noisy": noisy.tolist(), "clean": clean.tolist(), "length": 6}, 12,
        [-0.5, -1.0, -2.0], variation, distance(clean)))

    # One image of 4 rows and 3 columns, row after row; differences end at the border.
    def variation_2d(x, theta):
        alpha, nu, xi = torch.exp(theta)
        image = x.reshape(4, 3)
        down = torch.cat([image[1:] - image[:-1], torch.zeros(1, 3)])
        right = torch.cat([image[:, 1:] - image[:, :-1], torch.zeros(4, 1)], 1)
        roughness = torch.sqrt(down**2 + right**2 + nu**2).sum()
        return ((x - tensor(noisy)) ** 2).sum() / 2 + alpha * roughness + xi / 2 * (x**2).sum()

    cases.append(case(
        "variation in two dimensions", {"noisy": noisy.tolist(), "clean": clean.tolist(), "rows": 4, "columns": 3}, 12,
        [-0.5, -1.0, -2.0], variation_2d, distance(clean)))

    def support_vectors(x, theta):
        return (x**2).sum() / 2 + torch.exp(theta[0]) * (torch.relu(1 - s * (a @ x)) ** 2).sum()

    cases.append(case(
        "squared-hinge support vectors", binary, p, [-0.3], support_vectors,
        lambda x, theta: (torch.relu(1 - vs * (va @ x)) ** 2).mean()))

    # Layers of 4, 5 and 3 units; of each layer first the weights, column by column, then the biases.
    def network(x, rows):
        first, first_bias, second, second_bias = torch.split(x, [20, 5, 15, 3])
        hidden = torch.tanh(rows @ first.reshape(4, 5) + first_bias)
        return hidden @ second.reshape(5, 3) + second_bias

    def network_losses(x, rows, classes):
        scores = network(x, rows)
        return torch.logsumexp(scores, 1) - scores[torch.arange(len(classes)), torch.tensor(classes)]

    def perceptron(x, theta):
        sizes = torch.tensor([25, 18])
        return network_losses(x, a, labels).mean() + (torch.exp(theta).repeat_interleave(sizes) * x**2).sum() / 2

    cases.append(case(
        "perceptron", several | {"hidden": [5]}, 43, [-2.0, -1.0], perceptron,
        lambda x, theta: network_losses(x, va, validation_labels).mean(), solves=False))

    # An image of 5 × 4, two filters of 2 × 2: θ holds two log weights, then the filters row by row.
    noisy_image, clean_image = rng.normal(size=20), rng.normal(size=20)

    def experts(x, theta):
        filters = theta[2:].reshape(2, 1, 2, 2)
        responses = torch.nn.functional.conv2d(x.reshape(1, 1, 5, 4), filters)[0]
        potentials = torch.sqrt(responses**2 + 0.1**2).sum((1, 2))
        return ((x - tensor(noisy_image)) ** 2).sum() / 2 + (torch.exp(theta[:2]) * potentials).sum()

    cases.append(case(
        "field of experts",
        {"noisy": noisy_image.tolist(), "clean": clean_image.tolist(), "rows": 5, "columns": 4, "smoothing": 0.1},
        20, np.concatenate([[-0.5, -1.0], rng.normal(size=8)]), experts, distance(clean_image)))

    return {
        "tolerance": tolerance(1e-10, "Hessians have condition numbers up to about 1e4."),
        "cases": cases,
    }


@fixture("BilevelTests", "bilevel-sparse-models", libraries=["scikit-learn", "numpy"])
def sparse_models():
    """Elastic nets from scikit-learn and support vector machines from its QP solver, at tight tolerances."""
    import numpy as np
    from sklearn.linear_model import ElasticNet
    from sklearn.svm import SVC

    rng = np.random.default_rng(43)
    cases = []
    for first, second in [(0.3, 0.1), (0.05, 0.01), (0.5, 1.0)]:
        design = rng.normal(size=(20, 8))
        targets = design @ np.array([1.5, -2, 0, 0, 0.7, 0, 0, 0.1]) + 0.3 * rng.normal(size=20)
        model = ElasticNet(
            alpha=first + second, l1_ratio=first / (first + second), fit_intercept=False, tol=1e-15, max_iter=1_000_000
        ).fit(design, targets)
        cases.append({
            "name": "elastic net", "design": design.tolist(), "targets": targets.tolist(),
            "theta": [math.log(first), math.log(second)], "solution": model.coef_.tolist(),
        })
    for first in [0.02, 0.2]:
        design = rng.normal(size=(20, 6))
        targets = design @ np.array([1.5, -2, 0, 0, 0.7, 0]) + 0.3 * rng.normal(size=20)
        weights = first * np.exp(0.3 * rng.normal(size=6))
        # A penalty of its own for each weight is one for all after the columns are divided by them.
        model = ElasticNet(alpha=1, l1_ratio=1, fit_intercept=False, tol=1e-15, max_iter=1_000_000)
        model.fit(design / weights, targets)
        cases.append({
            "name": "weighted lasso", "design": design.tolist(), "targets": targets.tolist(),
            "theta": np.log(weights).tolist(), "solution": (model.coef_ / weights).tolist(),
        })
    for theta in [-1.0, 1.0]:
        design = rng.normal(size=(12, 3))
        signs = np.where(design @ [1, -1, 0.5] + 0.8 * rng.normal(size=12) > 0, 1.0, -1.0)
        # No intercept: every row twice, once turned around, at half the weight, so that by symmetry it is zero.
        model = SVC(C=math.exp(theta) / 2, kernel="linear", tol=1e-12)
        model.fit(np.vstack([design, -design]), np.concatenate([signs, -signs]))
        cases.append({
            "name": "hinge support vectors", "design": design.tolist(), "signs": signs.tolist(), "theta": [theta],
            "solution": model.coef_[0].tolist(),
        })
    return {"tolerance": tolerance(1e-6, "The peers stop at duality gaps, not at rounding."), "cases": cases}


@fixture("BilevelTests", "bilevel-minima", libraries=["scipy", "numpy"])
def bilevel_minima():
    """Minima of bilevel problems on real data, by SciPy's L-BFGS-B on hypergradients of dense Newton solutions."""
    import numpy as np
    from scipy.linalg import solveh_banded
    from scipy.optimize import minimize

    data = ROOT / "Tests/BilevelTests/Fixtures/Data"
    cancer = np.loadtxt(data / "breast_cancer.csv", delimiter=",", skiprows=1)
    diabetes = np.loadtxt(data / "diabetes.csv", delimiter=",")
    digits = np.loadtxt(ROOT / "Examples/DigitsPerceptron/Data/digits.csv", delimiter=",")

    def parts(rows):
        index = np.arange(len(rows)) % 3
        return [index == part for part in range(3)]

    def minimum(name, f, start, test=None, **extra):
        options = {"ftol": 1e-16, "gtol": 1e-10, "maxiter": 1000}
        box = [(-12, 6)] * len(start)
        result = minimize(f, start, jac=True, method="L-BFGS-B", bounds=box, options=options)
        value, _ = f(result.x)
        return {
            "name": name, "start": list(map(float, start)), "theta": result.x.tolist(), "value": float(value),
            "valueAtStart": float(f(np.asarray(start, float))[0]), "test": None if test is None else test(result.x),
        } | extra

    # Indicators of random intervals with noise, from one seed: Ehrhardt and Roberts, section 4.
    def variation():
        random = np.random.RandomState(0)
        grid = np.linspace(-2, 2, 256)
        clean = []
        for _ in range(10):
            centre = random.uniform(-1.0, 1.0)
            clean.append(((grid - centre) ** 2 < random.uniform(-0.5, -1.0) ** 2).astype(float))
        return clean, [signal + 0.1 * random.randn(256) for signal in clean]

    clean, noisy = variation()

    def denoised(observed, alpha, nu=1e-3, xi=1e-3):
        def backward(v):
            return np.diff(v, prepend=0)

        def transposed(w):
            return w - np.append(w[1:], 0)

        def h(x):
            return ((x - observed) ** 2).sum() / 2 + alpha * np.hypot(backward(x), nu).sum() + xi / 2 * (x**2).sum()

        x = observed.copy()
        for _ in range(300):
            steps = backward(x)
            lengths = np.hypot(steps, nu)
            slope = x - observed + alpha * transposed(steps / lengths) + xi * x
            curvature = alpha * nu**2 / lengths**3
            banded = np.array([-curvature, 1 + xi + curvature + np.append(curvature[1:], 0)])
            direction, length = -solveh_banded(banded, slope), 1.0
            while h(x + length * direction) > h(x) + 1e-4 * length * slope @ direction and length > 1e-12:
                length /= 2
            x = x + length * direction
            if np.abs(slope).max() < 1e-8 or length <= 1e-12:
                break
        return x, transposed(steps / lengths), banded

    def variation_loss(theta):
        value, gradient = 0.0, 0.0
        for signal, observed in zip(clean, noisy):
            x, slope, banded = denoised(observed, 10 ** theta[0])
            value += ((x - signal) ** 2).sum()
            gradient -= math.log(10) * 10 ** theta[0] * slope @ solveh_banded(banded, 2 * (x - signal))
        return value, np.array([gradient])

    train, validation, test = parts(cancer)
    signs = 2 * cancer[:, -1] - 1
    rows = (cancer[:, :-1] - cancer[train, :-1].mean(0)) / cancer[train, :-1].std(0)
    rows = np.hstack([rows, np.ones((len(rows), 1))])

    def logistic_weights(theta):
        x = np.zeros(rows.shape[1])
        while True:
            miss = 1 / (1 + np.exp(signs[train] * (rows[train] @ x)))
            slope = -rows[train].T @ (signs[train] * miss) + 2 * math.exp(theta[0]) * x
            hessian = (rows[train].T * (miss * (1 - miss))) @ rows[train] + 2 * math.exp(theta[0]) * np.eye(len(x))
            if np.linalg.norm(slope) < 1e-9:
                return x - np.linalg.solve(hessian, slope), hessian
            x = x - np.linalg.solve(hessian, slope)

    def logistic_loss(theta):
        x, hessian = logistic_weights(theta)
        margins = signs[validation] * (rows[validation] @ x)
        slope = -rows[validation].T @ (signs[validation] / (1 + np.exp(margins)))
        gradient = -2 * math.exp(theta[0]) * x @ np.linalg.solve(hessian, slope)
        return np.logaddexp(0, -margins).sum(), np.array([gradient])

    def logistic_test(theta):
        return float(np.logaddexp(0, -signs[test] * (rows[test] @ logistic_weights(theta)[0])).mean())

    first, second, third = parts(diabetes)
    table = (diabetes[:, :-1] - diabetes[first, :-1].mean(0)) / diabetes[first, :-1].std(0)
    progress = (diabetes[:, -1] - diabetes[first, -1].mean()) / diabetes[first, -1].std()

    def ridge_weights(theta):
        penalties = np.exp(theta) * np.ones(10)
        hessian = table[first].T @ table[first] / first.sum() + np.diag(penalties)
        return np.linalg.solve(hessian, table[first].T @ progress[first] / first.sum()), hessian, penalties

    def ridge_loss(theta):
        x, hessian, penalties = ridge_weights(theta)
        residual = table[second] @ x - progress[second]
        products = -penalties * x * np.linalg.solve(hessian, table[second].T @ residual / second.sum())
        return (residual**2).mean() / 2, products if len(theta) > 1 else np.array([products.sum()])

    def ridge_test(theta):
        return float(((table[third] @ ridge_weights(theta)[0] - progress[third]) ** 2).mean() / 2)

    def distances(left, right):
        return ((left[:, None] - right[None]) ** 2).sum(-1)

    inner, outer, last = (distances(table[part], table[first]) for part in (first, second, third))

    def kernel_weights(theta):
        kernel = np.exp(-math.exp(theta[0]) * inner)
        hessian = kernel + math.exp(theta[1]) * np.eye(len(kernel))
        return np.linalg.solve(hessian, progress[first]), kernel, hessian

    def kernel_loss(theta):
        x, kernel, hessian = kernel_weights(theta)
        gamma, kernel_outer = math.exp(theta[0]), np.exp(-math.exp(theta[0]) * outer)
        residual = kernel_outer @ x - progress[second]
        q = np.linalg.solve(hessian, kernel_outer.T @ residual / second.sum())
        by_width = -residual @ ((gamma * outer * kernel_outer) @ x) / second.sum() + q @ ((gamma * inner * kernel) @ x)
        return (residual**2).mean() / 2, np.array([by_width, -math.exp(theta[1]) * q @ x])

    def kernel_test(theta):
        predictions = np.exp(-math.exp(theta[0]) * last) @ kernel_weights(theta)[0]
        return float(((predictions - progress[third]) ** 2).mean() / 2)

    inside, beside, outside = parts(digits)
    images, digit = digits[:, :-1] / 16, digits[:, -1].astype(int)
    one_hot = np.eye(10)[digit]

    def softmax(x, part):
        scores = images[part] @ x.reshape(10, 64).T
        scores = scores - scores.max(1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(1, keepdims=True))

    def digit_weights(theta, x):
        n, a = inside.sum(), images[inside]
        while True:
            p = np.exp(softmax(x, inside))
            slope = ((p - one_hot[inside]).T @ a / n).ravel() + math.exp(theta[0]) * x
            hessian = math.exp(theta[0]) * np.eye(640)
            for k in range(10):
                for l in range(10):
                    weights = p[:, k] * ((k == l) - p[:, l]) / n
                    hessian[64 * k:64 * k + 64, 64 * l:64 * l + 64] += (a.T * weights) @ a
            # Rounding allows no more than about 1e-11.
            if np.linalg.norm(slope) < 1e-10:
                return x - np.linalg.solve(hessian, slope), hessian
            step, length = np.linalg.solve(hessian, slope), 1.0

            def h(at):
                return -(softmax(at, inside) * one_hot[inside]).sum() / n + math.exp(theta[0]) / 2 * at @ at

            while h(x - length * step) > h(x) - 1e-4 * length * slope @ step + 1e-14 and length > 1e-9:
                length /= 2
            x = x - length * step

    warm = [np.zeros(640)]

    def digit_loss(theta):
        x, hessian = digit_weights(theta, warm[0])
        warm[0] = x
        p, m = softmax(x, beside), beside.sum()
        slope = ((np.exp(p) - one_hot[beside]).T @ images[beside] / m).ravel()
        gradient = -math.exp(theta[0]) * x @ np.linalg.solve(hessian, slope)
        return -(p * one_hot[beside]).sum() / m, np.array([gradient])

    def digit_test(theta):
        x, _ = digit_weights(theta, warm[0])
        return float(-(softmax(x, outside) * one_hot[outside]).sum() / outside.sum())

    return {
        "tolerance": tolerance(1e-9, "Flat minima give half the digits of their values to their arguments."),
        "cases": [
            minimum(
                "variation", variation_loss, [0.0], clean=np.array(clean).tolist(), noisy=np.array(noisy).tolist()),
            minimum("logistic", logistic_loss, [0.0], logistic_test),
            minimum("ridge", ridge_loss, [0.0], ridge_test),
            minimum("ridge per weight", ridge_loss, [0.0] * 10, ridge_test),
            minimum("kernel ridge", kernel_loss, [-math.log(10), 0.0], kernel_test),
            minimum("digits", digit_loss, [-9.0], digit_test),
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help="fixtures to write; all when none is named")
    parser.add_argument("--list", action="store_true", help="name the fixtures and stop")
    arguments = parser.parse_args()
    known = [*FIXTURES, *SOURCES]
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"no such fixture: {', '.join(unknown)}")
    if arguments.list:
        print("\n".join(known))
        return
    for name in arguments.names or known:
        write(name)


if __name__ == "__main__":
    main()
