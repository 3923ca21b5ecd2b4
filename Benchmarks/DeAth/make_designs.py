#!/usr/bin/env python3
"""Writes the starting points of the ten problems: for every dimension 51 maximin Latin hypercubes of 2d points.

Of 1,000 random Latin hypercubes the one whose least distance is largest. Columns: run, point, then d coordinates of
the unit cube. All problems of a dimension start from the same designs, and so does every tuner.
"""

import pathlib

import numpy as np

RUNS = 51
DRAWS = 1000


def latin_hypercube(count: int, dimension: int, random: np.random.Generator) -> np.ndarray:
    cells = np.argsort(random.random((count, dimension)), axis=0)
    return (cells + random.random((count, dimension))) / count


def least_distance(points: np.ndarray) -> float:
    differences = points[:, None, :] - points[None, :, :]
    distances = np.sqrt((differences**2).sum(axis=2))
    return float(distances[np.triu_indices(len(points), 1)].min())


folder = pathlib.Path(__file__).resolve().parent / "designs"
for dimension in (1, 2, 6, 10):
    with open(folder / f"d{dimension}.csv", "w") as file:
        for run in range(RUNS):
            random = np.random.default_rng([61, dimension, run])
            designs = [latin_hypercube(2 * dimension, dimension, random) for _ in range(DRAWS)]
            best = max(designs, key=least_distance)
            for index, point in enumerate(best):
                file.write(",".join([str(run), str(index), *(f"{u:.6f}" for u in point)]) + "\n")
