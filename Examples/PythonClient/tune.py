#!/usr/bin/env python3
"""Tunes a classifier of wines through the Python client: choices, a condition, pruning, two threads.

Needs nothing but hone-client and a server at HONE_SERVER.
"""

import csv
import math
import pathlib
import random
import sys

from hone_client import Categorical, Client, Float, Integer, Ordinal, TrialPruned

EPOCHS = 20
WINES = pathlib.Path(__file__).resolve().parent.parent / "BilevelWine" / "wine.csv"


def wines():
    """Standardised measurements with their cultivars, for training and for validation."""
    with open(WINES, newline="") as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    columns = list(zip(*rows))[:-1]
    means = [sum(column) / len(column) for column in columns]
    scales = [math.sqrt(sum((v - m) ** 2 for v in c) / len(c)) for c, m in zip(columns, means)]
    data = [([(v - m) / s for v, m, s in zip(row, means, scales)] + [1.0], int(row[-1])) for row in rows]
    random.Random(1).shuffle(data)
    return data[:40], data[40:]


TRAINING, VALIDATION = wines()


def probabilities(weights, x):
    scores = [sum(w * v for w, v in zip(row, x)) for row in weights]
    largest = max(scores)
    powers = [math.exp(score - largest) for score in scores]
    return [power / sum(powers) for power in powers]


def objective(trial):
    rate = trial.suggest_float("rate", 1e-4, 10.0, log=True)
    penalty = trial.suggest_float("penalty", 1e-6, 1.0, log=True)
    batch = trial.suggest_categorical("batch", [1, 5, 20])
    kind = trial.suggest_categorical("optimizer", ["sgd", "momentum"])
    momentum = trial.suggest_float("momentum", 0.0, 0.99) if kind == "momentum" else 0.0
    decay = trial.suggest_int("half_life", 1, 40)

    order = random.Random(trial.number)
    weights = [[0.0] * 14 for _ in range(3)]
    velocity = [[0.0] * 14 for _ in range(3)]
    loss = math.nan
    for epoch in range(1, EPOCHS + 1):
        rows = order.sample(TRAINING, len(TRAINING))
        for begin in range(0, len(rows), batch):
            part = rows[begin : begin + batch]
            step = rate * 0.5 ** (epoch / decay)
            gradient = [[penalty * w for w in row] for row in weights]
            for x, cultivar in part:
                for k, p in enumerate(probabilities(weights, x)):
                    error = (p - (k == cultivar)) / len(part)
                    gradient[k] = [g + error * v for g, v in zip(gradient[k], x)]
            for k in range(3):
                velocity[k] = [momentum * v - step * g for v, g in zip(velocity[k], gradient[k])]
                weights[k] = [w + v for w, v in zip(weights[k], velocity[k])]
        loss = -sum(math.log(max(1e-300, probabilities(weights, x)[c])) for x, c in VALIDATION) / len(VALIDATION)
        trial.report(loss, epoch)
        if trial.should_prune():
            raise TrialPruned
    return loss


def main():
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    space = {
        "rate": Float(1e-4, 10.0, log=True, default=0.01),
        "penalty": Float(1e-6, 1.0, log=True, default=1e-3),
        "batch": Ordinal([1, 5, 20]),
        "optimizer": Categorical(["sgd", "momentum"]),
        "momentum": Float(0.0, 0.99, when={"optimizer": ["momentum"]}),
        "half_life": Integer(1, 40),
    }
    with Client() as client:
        study = client.create_study(
            "wine-python",
            space,
            objectives={"loss": "minimize"},
            stopping={"name": "median", "warmup_steps": 3},
            labels={"example": "PythonClient"},
        )
        study.optimize(objective, n_trials=trials, n_jobs=2)
        counts = study.read().trial_counts
        print(f"{counts['completed']} trials completed, {counts['pruned']} pruned")
        print(f"best loss {study.best_value:.4f} with {dict(study.best_params)}")


if __name__ == "__main__":
    main()
