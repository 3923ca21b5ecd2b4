#!/usr/bin/env python3
"""Bayesian optimisation (Hone's own) of hyperparameters that hypergradients tune too: values alone, by hone-optimizer.

Usage: bayesian.py HONE_OPTIMIZER > results/bayesian.jsonl
Ridge regression with 1 and 10 penalties, and kernel ridge, on diabetes; rows modulo 3 train, validate and test.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA = np.loadtxt(ROOT / "Tests/BilevelTests/Fixtures/Data/diabetes.csv", delimiter=",")


def parts():
    train, check = DATA[0::3], DATA[1::3]
    mean, deviation = train.mean(0), train.std(0)
    train, check = (train - mean) / deviation, (check - mean) / deviation
    return train[:, :-1], train[:, -1], check[:, :-1], check[:, -1]


A, B, V, C = parts()


def ridge(theta):
    weights = np.exp(np.broadcast_to(theta, A.shape[1]))
    x = np.linalg.solve(A.T @ A / len(A) + np.diag(weights), A.T @ B / len(A))
    return float(np.mean((V @ x - C) ** 2) / 2)


def kernel_ridge(theta):
    def kernel(left, right):
        return np.exp(-np.exp(theta[0]) * ((left[:, None] - right[None]) ** 2).sum(2))

    x = np.linalg.solve(kernel(A, A) + np.exp(theta[1]) * np.eye(len(A)), B)
    return float(np.mean((kernel(V, A) @ x - C) ** 2) / 2)


def main():
    program = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send(message):
        program.stdin.write(json.dumps(message) + "\n")
        program.stdin.flush()
        return json.loads(program.stdout.readline())

    for name, dimension, value in [("ridge", 1, ridge), ("kernel-ridge", 2, kernel_ridge), ("ridge", 10, ridge)]:
        for seed in range(1, 4):
            study = {
                "name": "s",
                "parameters": [
                    {"name": f"t{j}", "type": "float", "low": -12, "high": 6} for j in range(dimension)
                ],
                "objectives": [{"metric": "loss", "goal": "minimize"}],
                "tuner": {"name": "bayesian"},
                "noise": "none",
            }
            send({"new": study, "seed": seed})
            best, values = float("inf"), []
            for _ in range(60):
                trial = send({"ask": 1})["trials"][0]
                loss = value(np.array([trial["parameters"][f"t{j}"] for j in range(dimension)]))
                send({"tell": {"number": trial["number"], "metrics": {"loss": loss}}})
                best = min(best, loss)
                values.append(best)
            line = {"case": "bayesian", "problem": name, "d": dimension, "seed": seed, "best": values}
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
