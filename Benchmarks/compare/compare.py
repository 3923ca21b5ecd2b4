#!/usr/bin/env python3
"""Compares optimisers on the problems of problems.py: `compare.py run …`, `compare.py report …`, `compare.py list`."""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import gzip
import json
import math
import pathlib
import sys
import time
import traceback
from typing import Any, Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))


def machine() -> str:
    """The processor's model and the number of processors; nothing that names the computer."""
    model = "unknown processor"
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        import platform

        model = platform.processor() or model
    return f"{model}, {os.cpu_count()} cores"


def read(paths: list[str]) -> Iterator[dict[str, Any]]:
    """The finished runs of JSONL files, gzipped or not; a line cut short by a crash is left out."""
    for path in paths:
        if not os.path.exists(path):
            continue
        opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
        with opened as file:
            for line in file:
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    continue


def one_run(problem, label: str, seed: int, budget: int) -> dict[str, Any]:
    import numpy as np
    from optimisers import optimiser_type

    noise = np.random.default_rng([53, seed])
    optimiser = optimiser_type(label)(problem, seed)
    values, told, seconds, processor_seconds = [], [], [], []
    try:
        for _ in range(budget):
            start, processor_start = time.perf_counter(), optimiser.processor_time()
            handle, point = optimiser.ask()
            middle, processor_middle = time.perf_counter(), optimiser.processor_time()
            value = float(problem.function(point))
            heard = value + problem.noise * noise.standard_normal() if problem.noise else value
            end, processor_end = time.perf_counter(), optimiser.processor_time()
            optimiser.tell(handle, point, heard)
            seconds.append(round(middle - start + time.perf_counter() - end, 5))
            spent = processor_middle - processor_start + optimiser.processor_time() - processor_end
            processor_seconds.append(round(spent, 5))
            values.append(value)
            told.append(heard)
    finally:
        optimiser.close()
    record = {
        "problem": problem.name,
        "optimiser": label,
        "version": type(optimiser).version(),
        "seed": seed,
        "budget": budget,
        "values": values,
        "suggest_seconds": seconds,
        "suggest_processor_seconds": processor_seconds,
        "machine": machine(),
    }
    if problem.noise:
        record["told"] = told
    return record


def run(arguments) -> None:
    from problems import all_problems

    problems = all_problems()
    names = chosen(arguments.problems, problems)
    labels = arguments.optimisers.split()
    pathlib.Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    known = [arguments.out, arguments.out + ".gz"]
    done = {(r["problem"], r["optimiser"], r["seed"], r["budget"]) for r in read(known)}
    for seed in seeds:
        for name in names:
            for label in labels:
                if (name, label, seed, arguments.budget) in done:
                    continue
                start = time.monotonic()
                try:
                    record = one_run(problems[name], label, seed, arguments.budget)
                    note = f"best {min(record['values']):.6g}"
                except Exception as error:  # One peer's failure on one problem is a result too.
                    if arguments.debug:
                        traceback.print_exc()
                    record = {
                        "problem": name,
                        "optimiser": label,
                        "seed": seed,
                        "budget": arguments.budget,
                        "error": f"{type(error).__name__}: {error}"[:300],
                        "machine": machine(),
                    }
                    note = record["error"]
                with open(arguments.out, "a") as file:
                    file.write(json.dumps(record, separators=(",", ":")) + "\n")
                print(f"{name} {label} seed {seed}: {note} in {time.monotonic() - start:.1f} s", flush=True)


def chosen(text: str, problems) -> list[str]:
    """Names, groups, or `all`, separated by commas."""
    if text == "all":
        return list(problems)
    names: list[str] = []
    for item in text.split(","):
        found = [name for name, problem in problems.items() if item in (name, problem.group)]
        if not found:
            raise SystemExit(f"There is no problem and no group {item}.")
        names += [name for name in found if name not in names]
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    runner = commands.add_parser("run", help="run what is not in the file yet; failed runs count as done")
    runner.add_argument("--problems", default="all", help="names or groups, separated by commas")
    runner.add_argument("--optimisers", default="hone", help="labels, separated by spaces")
    runner.add_argument("--seeds", type=int, default=2)
    runner.add_argument("--first-seed", type=int, default=0)
    runner.add_argument("--budget", type=int, default=60)
    runner.add_argument("--out", required=True)
    runner.add_argument("--debug", action="store_true")
    reporter = commands.add_parser("report", help="tables and a plot of files of runs")
    reporter.add_argument("files", nargs="+")
    reporter.add_argument("--of", default="hone", help="the optimiser that the others are compared with")
    reporter.add_argument("--budget", type=int, default=60)
    reporter.add_argument("--plot")
    commands.add_parser("list", help="the problems")
    arguments = parser.parse_args()
    if arguments.command == "run":
        run(arguments)
    elif arguments.command == "report":
        from report import report

        report(list(read(arguments.files)), arguments.of, arguments.budget, arguments.plot)
    else:
        from problems import all_problems

        for problem in all_problems().values():
            dimension = len(problem.parameters)
            optimum = "unknown" if problem.optimum is None else f"{problem.optimum:.6g}"
            print(f"{problem.name:24} {problem.group:12} {dimension:3} parameters, least value {optimum}")


if __name__ == "__main__":
    main()
