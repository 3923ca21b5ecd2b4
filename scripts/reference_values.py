#!/usr/bin/env python3
"""Computes the golden values that the Swift tests read.

    scripts/reference_values.py                 writes every fixture
    scripts/reference_values.py --list          names them
    scripts/reference_values.py cholesky normal-distribution ...

Each function below makes one fixture, Tests/<test target>/Fixtures/<name>.json: what it holds, the versions of the
libraries it came from, the tolerance to test with and why, and the cases. To add one, write a function that returns
fixture content and mark it with @fixture. Values are written with the digits that restore the same double.
"""

import argparse
import json
import math
import platform
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = {}


def fixture(test_target, name, libraries=()):
    """Registers a function whose result becomes Tests/<test_target>/Fixtures/<name>.json."""

    def register(function):
        FIXTURES[name] = (test_target, libraries, function)
        return function

    return register


def write(name):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help="fixtures to write; all when none is named")
    parser.add_argument("--list", action="store_true", help="name the fixtures and stop")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in FIXTURES]
    if unknown:
        parser.error(f"no such fixture: {', '.join(unknown)}")
    if arguments.list:
        print("\n".join(FIXTURES))
        return
    for name in arguments.names or FIXTURES:
        write(name)


if __name__ == "__main__":
    main()
