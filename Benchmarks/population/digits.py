#!/usr/bin/env python3
"""A population on a real training program, beside tuners that look for one point, with the same number of steps.

    Benchmarks/population/digits.py run [--hone PATH] [--digits PATH] [--seeds 5] [--methods NAME ...]
    Benchmarks/population/digits.py report [--plot FILE.svg]

The program is Examples/DigitsPerceptron with checkpoints, tuned over learning rate, momentum, dropout and weight decay
(Examples/DigitsPopulation). A population of 8 trains 280 steps (20 passes over the images) in parts of 14; the others train
8 times for 280 steps, are measured as often, and may keep their best state too. What counts is the validation loss of the
best state; its loss and error on the test images, which nothing was chosen by, stand beside it. A run's seed is that of the
tuner and that of the program's weights and order, the same for all methods.

Results are lines of JSON in results/digits.jsonl; what is there already is skipped. `run` needs Python 3.10, a built `hone`
and a built `DigitsPerceptron`; the plot needs matplotlib, and the method `ray` Ray (`pip install "ray[tune]"`), whose
interpreter --ray names.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

from service import ROOT, executable

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = ROOT / "Examples" / "DigitsPopulation"
RESULTS = HERE / "results" / "digits.jsonl"
MEMBERS, INTERVAL, STEPS = 8, 14, 280
PARAMETERS = ("learning_rate", "momentum", "dropout", "weight_decay")
OPTIONS = [text for name in PARAMETERS for text in (f"--{name.replace('_', '-')}", "{" + name + "}")]

# What each population changes of the tuner's settings.
POPULATIONS = {
    "population": {},
    "population, latest": {"comparison": "latest"},
    "population, tournament": {"exploit": "tournament"},
    "population, elite mutating": {"exploit": "elite_tournament", "explore": "mutate"},
    "population, pb2": {"explore": "pb2"},
}
POINTS = {"random": "random", "bayesian": "bayesian"}
METHODS = [*POPULATIONS, *POINTS, "bayesian, falling rate", "replayed, other seeds", "ray"]


class Bench:
    """One run's folder and programs."""

    def __init__(self, options, folder: str, seed: int):
        self.hone, self.folder, self.seed, self.options = executable(options.hone), folder, seed, options
        self.database = f"{folder}/hone.db"
        self.environment = {**os.environ, "DIGITS": options.digits}

    def call(self, *arguments: str, text: str | None = None) -> str:
        done = subprocess.run(
            [self.hone, *arguments, "--db", self.database], input=text, capture_output=True, text=True,
            env=self.environment)
        if done.returncode != 0:
            raise SystemExit(f"hone {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def best(self, name: str) -> dict:
        return json.loads(self.call("best", name, "--json"))["trial"]

    def evaluate(self, name: str, *program: str) -> None:
        """Runs a program as the objective until the study is finished."""
        done = subprocess.run(
            [self.hone, "run", name, "--db", self.database, "--parallel", str(self.options.parallel),
             "--checkpoints", f"{self.folder}/states", "--", *program],
            capture_output=True, text=True, env=self.environment)
        if done.returncode != 0:
            raise SystemExit(f"hone run {name}: {done.stderr}")

    def study(self, name: str, tuner: dict, budget: dict | None = None) -> None:
        definition = json.loads((EXAMPLE / "study.json").read_text())
        definition |= {"name": name, "tuner": {**tuner, "seed": self.seed}, "budget": budget or {}}
        self.call("study", "create", "-", text=json.dumps(definition))

    def on_test_images(self, state: str, *options: str) -> dict:
        """Loss and error of a saved state on the images that nothing was chosen by."""
        return self.verdict("--resume", state, *options)

    def verdict(self, *options: str) -> dict:
        done = subprocess.run(
            [self.options.digits, "--width", "64", "--depth", "2", "--repeats", "1", "--seed", str(self.seed), "--test",
             *options], capture_output=True, text=True, check=True)
        loss, error = re.search(r"test: loss (\S+), error (\S+) %", done.stderr).groups()
        return {"test_loss": float(loss), "test_error": float(error)}


def population(bench: Bench, name: str, settings: dict) -> dict:
    bench.study(name, {
        "name": "population_based", "population_size": MEMBERS, "interval": INTERVAL, "max_steps": STEPS, **settings})
    bench.evaluate(name, "sh", str(EXAMPLE / "part.sh"), "--seed", str(bench.seed), *OPTIONS)
    found = json.loads(bench.call("schedule", name, "--json"))
    best = json.loads(bench.call("trial", "show", name, str(found["trial"]), "--json"))
    trials = json.loads(bench.call("trial", "list", name, "--json"))["trials"]
    return {
        "loss": best["metrics"]["loss"],
        **bench.on_test_images(found["checkpoint"], "--steps", str(found["steps"])),
        "steps": sum(trial["resume"]["step_to"] - trial["resume"]["step_from"] for trial in trials),
        "schedule": found["schedule"], "schedule_steps": found["steps"]}


def replayed(bench: Bench) -> dict:
    """The population's schedule gone through again from other weights: what it is worth without the state."""
    population(bench, "found", {})
    bench.call("schedule", "found", "--replay", "same")
    bench.evaluate("same", "sh", str(EXAMPLE / "part.sh"), "--seed", str(bench.seed), *OPTIONS)
    losses = [bench.best(name)["metrics"]["loss"] for name in ("found", "same")]
    if losses[0] != losses[1]:
        raise SystemExit(f"the replay with the same seed came to {losses[1]}, not to {losses[0]}")
    bench.call("schedule", "found", "--replay", "other")
    bench.evaluate("other", "sh", str(EXAMPLE / "part.sh"), "--seed", str(bench.seed + 1_000), *OPTIONS)
    found = json.loads(bench.call("schedule", "other", "--json"))
    best = bench.best("other")
    return {
        "loss": best["metrics"]["loss"], **bench.on_test_images(found["checkpoint"], "--steps", str(found["steps"])),
        "steps": found["steps"]}


def points(bench: Bench, tuner: str) -> dict:
    bench.study("points", {"name": tuner}, {"max_trials": MEMBERS})
    program = ["sh", str(EXAMPLE / "whole.sh"), str(INTERVAL), str(STEPS)]
    bench.evaluate("points", *program, "", "--seed", str(bench.seed), *OPTIONS)
    best = bench.best("points")
    # Its training once more, for the state.
    options = [text for name in PARAMETERS for text in (f"--{name.replace('_', '-')}", repr(best["parameters"][name]))]
    state = f"{bench.folder}/best"
    again = subprocess.run(
        [*program, state, "--seed", str(bench.seed), *options], capture_output=True, text=True, check=True,
        env=bench.environment).stdout
    if json.loads(again.split("hone: ")[1])["loss"] != best["metrics"]["loss"]:
        raise SystemExit(f"training again came to {again}, not to {best['metrics']}")
    return {
        "loss": best["metrics"]["loss"], **bench.on_test_images(state, "--steps", str(STEPS)),
        "steps": MEMBERS * STEPS, "point": best["parameters"]}


def falling(bench: Bench) -> dict:
    """The program's own schedule, a learning rate that falls to 0: what somebody who knows the trade would set."""
    bench.study("falling", {"name": "bayesian"}, {"max_trials": MEMBERS})
    program = [
        bench.options.digits, "--width", "64", "--depth", "2", "--repeats", "1", "--epochs", "20",
        "--seed", str(bench.seed)]
    bench.evaluate("falling", *program, *OPTIONS)
    best = bench.best("falling")
    options = [text for name in PARAMETERS for text in (f"--{name.replace('_', '-')}", repr(best["parameters"][name]))]
    return {
        "loss": best["metrics"]["loss"], **bench.verdict("--epochs", "20", *options), "steps": MEMBERS * STEPS,
        "point": best["parameters"]}


def ray(bench: Bench) -> dict:
    done = subprocess.run(
        [bench.options.ray, str(HERE / "ray_pbt.py"), "--digits", bench.options.digits, "--seed", str(bench.seed),
         "--members", str(MEMBERS), "--interval", str(INTERVAL), "--steps", str(STEPS), "--folder", bench.folder,
         "--parallel", str(bench.options.parallel)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"ray: {done.stderr[-2_000:]}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    state = found.pop("state")
    return {**found, **bench.on_test_images(state, "--steps", str(found.pop("state_steps")))}


def run(options) -> None:
    done = set()
    if RESULTS.exists():
        done = {(line["method"], line["seed"]) for line in map(json.loads, RESULTS.read_text().splitlines())}
    for seed in range(1, options.seeds + 1):
        for method in options.methods:
            if (method, seed) in done:
                continue
            begun = time.perf_counter()
            with tempfile.TemporaryDirectory(prefix="hone-digits-") as folder:
                bench = Bench(options, folder, seed)
                if method in POPULATIONS:
                    result = population(bench, "digits", POPULATIONS[method])
                elif method in POINTS:
                    result = points(bench, POINTS[method])
                else:
                    result = {
                        "bayesian, falling rate": falling, "replayed, other seeds": replayed, "ray": ray}[method](bench)
            result = {"method": method, "seed": seed, **result, "seconds": round(time.perf_counter() - begun, 1)}
            with open(RESULTS, "a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
            print(f"{method}, seed {seed}: loss {result['loss']:.4f}, test {result['test_loss']:.4f}, "
                  f"{result['test_error']:.2f} %, {result['steps']} steps, {result['seconds']} s", flush=True)


def report(options) -> None:
    lines = [json.loads(line) for line in RESULTS.read_text().splitlines()]
    baseline = {line["seed"]: line for line in lines if line["method"] == "population"}
    print("| method | seeds | validation loss, median (all) | test loss, median | test error, median | steps | "
          "population better |\n|---|---|---|---|---|---|---|")
    for method in METHODS:
        own = sorted((line for line in lines if line["method"] == method), key=lambda line: line["seed"])
        if not own:
            continue
        median = {key: statistics.median(line[key] for line in own) for key in ("loss", "test_loss", "test_error")}
        better = [line for line in own if line["seed"] in baseline and baseline[line["seed"]]["loss"] < line["loss"]]
        each = ", ".join(f"{line['loss']:.4f}" for line in own)
        print(f"| {method} | {len(own)} | {median['loss']:.4f} ({each}) "
              f"| {median['test_loss']:.4f} | {median['test_error']:.2f} % "
              f"| {round(statistics.mean(line['steps'] for line in own))} "
              f"| {'' if method == 'population' else f'{len(better)} of {len(own)}'} |")
    first = baseline.get(1)
    if first:
        print("\nThe schedule of seed 1:\n")
        print("| step | " + " | ".join(PARAMETERS) + " |\n|---|---|---|---|---|")
        for stage in first["schedule"]:
            print(f"| {stage['step']} | " + " | ".join(f"{stage['parameters'][name]:.3g}" for name in PARAMETERS) + " |")
    if options.plot:
        plot(options.plot, list(baseline.values()))


def plot(path: str, runs: list[dict]) -> None:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hone"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 2, figsize=(9, 5), sharex=True)
    for axis, name in zip(axes.flat, PARAMETERS):
        for each in runs:
            steps = [stage["step"] for stage in each["schedule"]] + [each["schedule_steps"]]
            values = [stage["parameters"][name] for stage in each["schedule"]]
            axis.step(steps, [*values, values[-1]], where="post", label=f"seed {each['seed']}")
        axis.set_title(name.replace("_", " "))
        if name in ("learning_rate", "weight_decay"):
            axis.set_yscale("log")
    for axis in axes[1]:
        axis.set_xlabel("step")
    axes[0][0].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run")
    runs.add_argument("--hone", help="the executable; .build/release/hone where left out")
    runs.add_argument("--digits", default=str(ROOT / ".build/release/DigitsPerceptron"))
    runs.add_argument("--ray", default="python3", help="an interpreter that has Ray")
    runs.add_argument("--seeds", type=int, default=5)
    runs.add_argument("--parallel", type=int, default=2)
    runs.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS[:-1])
    reports = commands.add_parser("report")
    reports.add_argument("--plot", help="a file for the schedules")
    options = parser.parse_args()
    run(options) if options.command == "run" else report(options)


if __name__ == "__main__":
    main()
