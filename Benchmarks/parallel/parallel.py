#!/usr/bin/env python3
"""Workers in virtual time: `parallel.py run …`, `parallel.py report …`.

So many workers ask, evaluate for a random time and tell, in a simulation of events: nobody sleeps, and the time that an
optimiser thinks costs nothing. Durations are half-normal with mean 1 (scale √(π/2)), as in De Ath, Everson and
Fieldsend, "Asynchronous ε-greedy Bayesian optimisation", UAI 2021; a run's durations depend on its seed and number of
the evaluation alone, so all optimisers meet the same ones. What counts is the regret at a virtual time.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import heapq
import json
import math
import pathlib
import statistics
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "compare"))

from compare import machine, read
from optimisers import optimiser_type
from problems import all_problems

PROBLEMS = ["branin2", "shekel4", "ackley5", "hartmann6", "styblinski_tang10", "training_curve7"]
SCALE = math.sqrt(math.pi / 2)


def one_run(problem, label: str, seed: int, workers: int, budget: int):
    durations = np.abs(np.random.default_rng([73, seed]).normal(0, SCALE, budget))
    optimiser = optimiser_type(label)(problem, seed)
    under_way: list[tuple[float, int, object, dict]] = []
    values, ends, seconds = [], [], []
    asked = 0
    now = 0.0
    try:
        while len(values) < budget:
            while asked < budget and len(under_way) < workers:
                start = time.perf_counter()
                handle, point = optimiser.ask()
                seconds.append(round(time.perf_counter() - start, 5))
                heapq.heappush(under_way, (now + durations[asked], asked, handle, point))
                asked += 1
            now, _, handle, point = heapq.heappop(under_way)
            value = float(problem.function(point))
            optimiser.tell(handle, point, value)
            values.append(value)
            ends.append(round(now, 4))
    finally:
        optimiser.close()
    return {
        "problem": problem.name,
        "optimiser": label,
        "version": type(optimiser).version(),
        "seed": seed,
        "workers": workers,
        "budget": budget,
        "values": values,
        "ends": ends,
        "ask_seconds": round(sum(seconds), 3),
        "machine": machine(),
    }


def run(arguments) -> None:
    problems = all_problems()
    pathlib.Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
    known = list(read([arguments.out, arguments.out + ".gz"]))
    done = {(r["problem"], r["optimiser"], r["seed"], r["workers"], r["budget"]) for r in known}
    for seed in range(arguments.seeds):
        for name in arguments.problems.split(","):
            for workers in arguments.workers:
                for label in arguments.optimisers.split():
                    if (name, label, seed, workers, arguments.budget) in done:
                        continue
                    record = one_run(problems[name], label, seed, workers, arguments.budget)
                    with open(arguments.out, "a") as file:
                        file.write(json.dumps(record, separators=(",", ":")) + "\n")
                    print(f"{name} {label} {workers} workers seed {seed}: {min(record['values']):.6g}", flush=True)


def at(record, moment: float, optimum: float) -> float:
    """The regret of what had ended by a moment; of the first evaluation where none had."""
    ended = [value for value, end in zip(record["values"], record["ends"]) if end <= moment]
    return min(ended or record["values"][:1]) - optimum


def report(arguments) -> None:
    problems = all_problems()
    records = [r for r in read(arguments.files) if r["budget"] == arguments.budget]
    if not records:
        raise SystemExit(f"There are no runs with a budget of {arguments.budget}.")
    print(f"Machine: {'; '.join(sorted({r['machine'] for r in records}))}. "
          f"Versions: {', '.join(sorted({r['version'] for r in records}))}.\n")
    print("Median regret (value where the least one is unknown) at a quarter, half and the end of the mean time.\n")
    labels = sorted({r["optimiser"] for r in records}, key=lambda label: (not label.startswith("hone"), label))
    workers = sorted({r["workers"] for r in records})
    print("| problem, workers | " + " | ".join(labels) + " |\n| --- |" + " ---: |" * len(labels))
    wins = {label: 0.0 for label in labels}
    lines = 0
    for name in [name for name in problems if any(r["problem"] == name for r in records)]:
        optimum = problems[name].optimum or 0.0
        for count in workers:
            whole = arguments.budget / count
            cells, final = [], {}
            for label in labels:
                found = [r for r in records if (r["problem"], r["workers"], r["optimiser"]) == (name, count, label)]
                if not found:
                    cells.append("")
                    continue
                moments = [statistics.median(at(r, share * whole, optimum) for r in found) for share in (0.25, 0.5, 1.0)]
                final[label] = moments[-1]
                cells.append("/".join(f"{value:.2g}" for value in moments) + f" ({len(found)})")
            lines += 1
            best = [label for label in final if final[label] == min(final.values())]
            for label in best:
                wins[label] += 1 / len(best)
            print(f"| {name}, {count} | " + " | ".join(cells) + " |")
    print("\nBest at the end, of " + str(lines) + ": " + ", ".join(f"{k} {v:g}" for k, v in wins.items()) + ".")
    if arguments.plot:
        draw(records, problems, labels, workers, arguments)


def draw(records, problems, labels, workers, arguments) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hone"
    from matplotlib import pyplot

    names = [name for name in problems if any(r["problem"] == name for r in records)]
    figure, axes = pyplot.subplots(len(workers), len(names), figsize=(3.6 * len(names), 3.4 * len(workers)), squeeze=False)
    for row, count in zip(axes, workers):
        moments = np.linspace(1, arguments.budget / count, 80)
        for axis, name in zip(row, names):
            optimum = problems[name].optimum or 0.0
            for index, label in enumerate(labels):
                found = [r for r in records if (r["problem"], r["workers"], r["optimiser"]) == (name, count, label)]
                if found:
                    medians = [statistics.median(at(r, moment, optimum) for r in found) for moment in moments]
                    axis.plot(moments, medians, color=f"C{index}", label=label)
            axis.set_title(f"{name}, {count} workers", fontsize=9)
            axis.set_yscale("log")
        row[0].set_ylabel("median regret or value")
        row[0].legend(fontsize=7)
    for axis in axes[-1]:
        axis.set_xlabel("virtual time, mean evaluations")
    figure.tight_layout()
    figure.savefig(arguments.plot, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    runner = commands.add_parser("run")
    runner.add_argument("--problems", default=",".join(PROBLEMS))
    runner.add_argument("--optimisers", default="hone optuna-gp optuna-tpe random")
    runner.add_argument("--workers", type=int, nargs="+", default=[4, 16])
    runner.add_argument("--seeds", type=int, default=5)
    runner.add_argument("--out", required=True)
    reporter = commands.add_parser("report")
    reporter.add_argument("files", nargs="+")
    reporter.add_argument("--plot")
    for command in (runner, reporter):
        command.add_argument("--budget", type=int, default=100, help="evaluations of all workers together")
    arguments = parser.parse_args()
    {"run": run, "report": report}[arguments.command](arguments)


if __name__ == "__main__":
    main()
