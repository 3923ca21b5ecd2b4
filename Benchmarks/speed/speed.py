#!/usr/bin/env python3
"""Time of ask and tell: `speed.py turns …`, `speed.py long …`, `speed.py flat …`, `speed.py report …`.

turns: all optimisers are told the same n points of a function in six dimensions and then take 50 turns; the turns are
       interleaved, so that whatever else the machine does disturbs all of them alike.
long:  a study of Hone's own from its first trial to its last, with the time of every ask and tell.
flat:  asks at growing histories that were told from outside.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import importlib.metadata
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "compare"))

from compare import machine, read
from optimisers import PEERS, Optimiser, optimiser_type
from problems import all_problems
from space import sample


class Egobox(Optimiser):
    """egobox's `suggest`: a function of all data so far, fitted afresh each time."""

    def __init__(self, problem, seed):
        super().__init__(problem, seed)
        import egobox

        limits = [egobox.XSpec(egobox.XType.FLOAT, [p.low, p.high]) for p in self.parameters]
        self.engine = egobox.Egor(limits, seed=seed)
        self.x: list[list[float]] = []
        self.y: list[list[float]] = []

    def ask(self):
        point = np.asarray(self.engine.suggest(np.array(self.x), np.array(self.y))).reshape(-1)
        return None, {p.name: min(max(float(x), p.low), p.high) for p, x in zip(self.parameters, point)}

    def tell(self, handle, point, value):
        self.add([point], [value])

    def add(self, points, values):
        self.x += [[point[p.name] for p in self.parameters] for point in points]
        self.y += [[value] for value in values]

    @classmethod
    def version(cls):
        return "egobox " + importlib.metadata.version("egobox")


PEERS["egobox"] = Egobox


def append(path: str, record: dict) -> None:
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        file.write(json.dumps(record, separators=(",", ":")) + "\n")


def warm_up(problem, label: str) -> None:
    """One turn that nobody counts: libraries are imported and code is compiled at the first one."""
    random = np.random.default_rng(79)
    points = [sample(problem.parameters, random) for _ in range(12)]
    optimiser = optimiser_type(label)(problem, 1)
    optimiser.add(points, [problem.function(point) for point in points])
    handle, point = optimiser.ask()
    optimiser.tell(handle, point, problem.function(point))
    optimiser.close()


def turns(arguments) -> None:
    problem = all_problems()[arguments.problem]
    for label in arguments.optimisers.split():
        warm_up(problem, label)
    for count in arguments.counts:
        random = np.random.default_rng([67, count])
        points = [sample(problem.parameters, random) for _ in range(count)]
        values = [problem.function(point) for point in points]
        running = {}
        for label in arguments.optimisers.split():
            running[label] = optimiser_type(label)(problem, 1)
            running[label].add(points, values)
        seconds = {label: [] for label in running}
        processor = {label: [] for label in running}
        best = {label: min(values) for label in running}
        for _ in range(arguments.turns):
            for label, optimiser in running.items():
                if len(seconds[label]) >= 5 and sum(processor[label]) > arguments.patience:
                    continue
                start, start_processor = time.perf_counter(), optimiser.processor_time()
                handle, point = optimiser.ask()
                value = problem.function(point)
                optimiser.tell(handle, point, value)
                seconds[label].append(round(time.perf_counter() - start, 5))
                processor[label].append(round(optimiser.processor_time() - start_processor, 5))
                best[label] = min(best[label], value)
        for label, optimiser in running.items():
            optimiser.close()
            append(
                arguments.out,
                {
                    "kind": "turns",
                    "problem": problem.name,
                    "optimiser": label,
                    "version": type(optimiser).version(),
                    "count": count,
                    "seconds": seconds[label],
                    "processor_seconds": processor[label],
                    "regret_before": min(values) - (problem.optimum or 0),
                    "regret": best[label] - (problem.optimum or 0),
                    "machine": machine(),
                },
            )
            print(
                f"{label} n = {count}: mean {np.mean(seconds[label]):.4f} s, median {np.median(seconds[label]):.4f} s, "
                f"processor {np.mean(processor[label]):.4f} s, regret {best[label] - (problem.optimum or 0):.2e}",
                flush=True,
            )


def long(arguments) -> None:
    problem = all_problems()[arguments.problem]
    optimiser = optimiser_type(arguments.optimiser)(problem, 1)
    seconds, processor, values = [], [], []
    for number in range(arguments.trials):
        start, start_processor = time.perf_counter(), optimiser.processor_time()
        handle, point = optimiser.ask()
        values.append(problem.function(point))
        optimiser.tell(handle, point, values[-1])
        seconds.append(round(time.perf_counter() - start, 5))
        processor.append(round(optimiser.processor_time() - start_processor, 5))
        if (number + 1) % 250 == 0:
            late = float(np.median(seconds[-100:]))
            print(f"{number + 1} trials in {sum(seconds):.0f} s, lately {late:.4f} s a turn, best {min(values):.6g}", flush=True)
    optimiser.close()
    append(
        arguments.out,
        {
            "kind": "long",
            "problem": problem.name,
            "optimiser": arguments.optimiser,
            "version": type(optimiser).version(),
            "trials": arguments.trials,
            "seconds": seconds,
            "processor_seconds": processor,
            "regret": min(values) - (problem.optimum or 0),
            "machine": machine(),
        },
    )


def flat(arguments) -> None:
    problem = all_problems()[arguments.problem]
    random = np.random.default_rng(71)
    points = [sample(problem.parameters, random) for _ in range(max(arguments.counts))]
    values = [problem.function(point) for point in points]
    optimiser = optimiser_type(arguments.optimiser)(problem, 1)
    told = 0
    for count in sorted(arguments.counts):
        start = time.perf_counter()
        while told < count:
            end = min(told + 1000, count)
            optimiser.add(points[told:end], values[told:end])
            told = end
        telling = time.perf_counter() - start
        seconds, processor = [], []
        for _ in range(arguments.turns):
            start, start_processor = time.perf_counter(), optimiser.processor_time()
            handle, point = optimiser.ask()
            optimiser.tell(handle, point, problem.function(point))
            seconds.append(round(time.perf_counter() - start, 5))
            processor.append(round(optimiser.processor_time() - start_processor, 5))
        append(
            arguments.out,
            {
                "kind": "flat",
                "problem": problem.name,
                "optimiser": arguments.optimiser,
                "version": type(optimiser).version(),
                "count": count,
                "seconds": seconds,
                "processor_seconds": processor,
                "telling_seconds": round(telling, 3),
                "machine": machine(),
            },
        )
        print(
            f"n = {count}: first ask and tell {seconds[0]:.3f} s, then mean {np.mean(seconds[1:]):.4f} s, "
            f"median {np.median(seconds[1:]):.4f} s; told in {telling:.1f} s",
            flush=True,
        )
    optimiser.close()


def report(arguments) -> None:
    records = list(read(arguments.files))
    likelihoods = [record for record in records if record["kind"] == "likelihood"]
    records = [record for record in records if record["kind"] != "likelihood"]
    for machine_name in sorted({record["machine"] for record in records}):
        print(f"Machine: {machine_name}.\n")
    latest = {}
    for record in records:  # Of runs that were repeated the last one counts.
        latest[record["kind"], record["optimiser"], record.get("count", 0), record["problem"]] = record
    records = list(latest.values())
    turning = [record for record in records if record["kind"] == "turns"]
    counts = sorted({record["count"] for record in turning})
    labels = list(dict.fromkeys(record["optimiser"] for record in turning))
    if turning:
        print(f"### Seconds of ask and tell after n points of {turning[0]['problem']}, mean of the turns\n")
        print("In brackets processor seconds, then the regret after the turns.\n")
        print("| n | " + " | ".join(labels) + " |\n|" + " ---: |" * (len(labels) + 1))
        most = max(len(record["seconds"]) for record in turning)
        for count in counts:
            cells = []
            for label in labels:
                found = [r for r in turning if r["optimiser"] == label and r["count"] == count]
                cells += [
                    f"{np.mean(r['seconds']):.3g} ({np.mean(r['processor_seconds']):.3g}), {r['regret']:.1e}"
                    + (f" after {len(r['seconds'])}" if len(r["seconds"]) < most else "")
                    for r in found
                ] or [""]
            print(f"| {count} | " + " | ".join(cells) + " |")
        print("\nVersions: " + ", ".join(sorted({record["version"] for record in turning})) + ".\n")
    growing = sorted((r for r in records if r["kind"] == "flat"), key=lambda r: (r["optimiser"], r["count"]))
    if growing:
        print("### Seconds of ask and tell at histories told from outside\n")
        print("In brackets processor seconds.\n")
        print("| optimiser | n | first | mean of the later turns | largest | telling |\n| --- |" + " ---: |" * 5)
        for r in growing:
            wall, processor = np.array(r["seconds"]), np.array(r["processor_seconds"])
            pairs = [(wall[0], processor[0]), (wall[1:].mean(), processor[1:].mean()), (wall.max(), processor.max())]
            cells = " | ".join(f"{a:.3g} ({b:.3g})" for a, b in pairs)
            print(f"| {r['optimiser']} ({r['version']}) | {r['count']} | {cells} | {r['telling_seconds']:.3g} |")
        print()
    if likelihoods:
        print("### A likelihood with its gradient beside dpotrf and dpotri alone\n")
        print("Least processor seconds, taken in turns.\n")
        print("| n | d | likelihood | dpotrf and dpotri | ratio | ratio of medians |\n|" + " ---: |" * 6)
        for r in likelihoods:
            seconds = f"{r['seconds']:.3g} | {r['lapack_seconds']:.3g}"
            print(f"| {r['n']} | {r['d']} | {seconds} | {r['ratio']:.2f} | {r['ratio_of_medians']:.2f} |")
        print()
    studies = [record for record in records if record["kind"] == "long"]
    for r in studies:
        seconds, processor = np.array(r["seconds"]), np.array(r["processor_seconds"])
        print(
            f"{r['optimiser']} ({r['version']}), {r['trials']} trials of {r['problem']}: {seconds.sum():.0f} s in all "
            f"(processor {processor.sum():.0f} s), median {np.median(seconds):.4f} s ({np.median(processor):.4f} s), "
            f"largest {seconds.max():.3f} s ({processor.max():.3f} s), regret {r['regret']:.2e}.\n"
        )
    if arguments.plot:
        draw(studies, turning, counts, labels, arguments.plot)


def draw(studies, turning, counts, labels, path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hone"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(13, 5))
    for index, label in enumerate(labels):
        means = [
            (r["count"], np.mean(r["seconds"])) for r in turning if r["optimiser"] == label and r["count"] in counts
        ]
        if means:
            left.plot(*zip(*sorted(means)), "o-", label=label, color=f"C{index}")
    left.set(xscale="log", yscale="log", xlabel="points told", ylabel="seconds of ask and tell, mean")
    left.legend()
    for index, r in enumerate(studies):
        seconds = np.array(r["seconds"])
        right.plot(np.arange(1, len(seconds) + 1), seconds, ".", markersize=2, color=f"C{index}", alpha=0.4)
        window = 51
        if len(seconds) > window:
            smooth = [np.median(seconds[max(0, i - window) : i + 1]) for i in range(len(seconds))]
            right.plot(np.arange(1, len(seconds) + 1), smooth, color=f"C{index}", label=f"{r['optimiser']}, median of 51")
    right.set(yscale="log", xlabel="trial", ylabel="seconds of ask and tell")
    if studies:
        right.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    hone = "hone:reproducible=true"
    command = commands.add_parser("turns")
    command.add_argument("--optimisers", default=f"{hone} optuna-gp egobox")
    command.add_argument("--counts", type=int, nargs="+", default=[50, 100, 200, 500, 1000])
    command.add_argument("--turns", type=int, default=50)
    command.add_argument("--patience", type=float, default=600, help="processor seconds that one may use for a count")
    command = commands.add_parser("long")
    command.add_argument("--optimiser", default=hone)
    command.add_argument("--trials", type=int, default=3000)
    command = commands.add_parser("flat")
    command.add_argument("--optimiser", default=hone)
    command.add_argument("--counts", type=int, nargs="+", default=[1000, 3000, 10000, 30000, 100000])
    command.add_argument("--turns", type=int, default=10)
    for command in commands.choices.values():
        command.add_argument("--problem", default="hartmann6")
        command.add_argument("--out", required=True)
    command = commands.add_parser("report")
    command.add_argument("files", nargs="+")
    command.add_argument("--plot")
    arguments = parser.parse_args()
    {"turns": turns, "long": long, "flat": flat, "report": report}[arguments.command](arguments)


if __name__ == "__main__":
    main()
