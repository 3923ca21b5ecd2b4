#!/usr/bin/env python3
"""Recognises wines by their nearest neighbours. Knows nothing of Hone."""

import argparse
import csv
import math
import pathlib

WINES = pathlib.Path(__file__).resolve().parent.parent / "BilevelWine" / "wine.csv"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--neighbours", type=int, default=5)
    parser.add_argument("--power", type=float, default=2.0, help="of the Minkowski distance")
    parser.add_argument("--weighting", choices=["equal", "distance"], default="equal")
    parser.add_argument("--sharpness", type=float, default=1.0, help="how fast weights fall with the distance")
    parser.add_argument("--scale", choices=["none", "standard"], default="none")
    options = parser.parse_args()

    with open(WINES, newline="") as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    points, cultivars = [row[:-1] for row in rows], [int(row[-1]) for row in rows]
    if options.scale == "standard":
        columns = list(zip(*points))
        means = [sum(c) / len(c) for c in columns]
        scales = [math.sqrt(sum((v - m) ** 2 for v in c) / len(c)) for c, m in zip(columns, means)]
        points = [[(v - m) / s for v, m, s in zip(p, means, scales)] for p in points]

    loss = 0.0
    for i, point in enumerate(points):
        distances = sorted(
            (sum(abs(a - b) ** options.power for a, b in zip(point, other)) ** (1 / options.power), cultivars[j])
            for j, other in enumerate(points)
            if j != i
        )
        votes = [0.5] * 3
        for distance, cultivar in distances[: options.neighbours]:
            weight = 1.0 if options.weighting == "equal" else (1e-9 + distance) ** -options.sharpness
            votes[cultivar] += weight
        loss -= math.log(votes[cultivars[i]] / sum(votes)) / len(points)
    print(f"rows: {len(points)}")
    print(f"leave-one-out loss: {loss:.6f}")


if __name__ == "__main__":
    main()
