#!/usr/bin/env python3
"""Regret of `hone_client.optuna.HoneSampler` beside the native run of the same study.

    sampler.py run --hone ../../.build/release/hone --out results/sampler.jsonl
    sampler.py report results/sampler.jsonl

Each run is 60 evaluations on a server of its own. The variants:

  native    `Study.optimize` of the client, tuner `bayesian`
  given     Optuna with HoneSampler, which is told the space
  by-run    Optuna with HoneSampler, which finds the space out: Optuna draws the first trial
  tpe       Optuna's own default sampler, to compare with

All Hone runs have the options `seed` and `reproducible`, so that they are the same on every machine of one kind.
Needs hone-client and optuna. What the file holds already is not run again.
"""

import argparse
import json
import math
import pathlib
import statistics
import sys
import tempfile
import time

from hone_client import Categorical, Client, Float, Integer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from hone_server import HoneServer  # noqa: E402

EVALUATIONS = 60
VARIANTS = ("native", "given", "by-run", "tpe")


def branin(trial):
    x, y = trial.suggest_float("x", -5.0, 10.0), trial.suggest_float("y", 0.0, 15.0)
    b, c, t = 5.1 / (4 * math.pi**2), 5 / math.pi, 1 / (8 * math.pi)
    return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - t) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0.0, 1.0) for i in range(6)]
    alpha = (1.0, 1.2, 3.0, 3.2)
    a = (
        (10, 3, 17, 3.5, 1.7, 8),
        (0.05, 10, 17, 0.1, 8, 14),
        (3, 3.5, 1.7, 10, 17, 8),
        (17, 8, 0.05, 10, 0.1, 14),
    )
    p = (
        (1312, 1696, 5569, 124, 8283, 5886),
        (2329, 4135, 8307, 3736, 1004, 9991),
        (2348, 1451, 3522, 2883, 3047, 6650),
        (4047, 8828, 8732, 5743, 1091, 381),
    )
    return -sum(
        alpha[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j] * 1e-4) ** 2 for j in range(6))) for i in range(4)
    )


def mixed(trial):
    rate = trial.suggest_float("rate", 1e-5, 1.0, log=True)
    layers = trial.suggest_int("layers", 1, 8)
    kind = trial.suggest_categorical("kind", ["relu", "tanh", "gelu"])
    decay = trial.suggest_float("decay", 0.0, 1.0)
    best_decay = {"relu": 0.2, "tanh": 0.5, "gelu": 0.8}[kind]
    offset = {"relu": 0.3, "tanh": 0.6, "gelu": 0.0}[kind]
    return (math.log10(rate) + 2.5) ** 2 / 6 + (layers - 5) ** 2 / 16 + 2 * (decay - best_decay) ** 2 + offset


FUNCTIONS = {
    "branin": (branin, {"x": Float(-5, 10), "y": Float(0, 15)}, 0.39788735772973816),
    "hartmann6": (hartmann6, {f"x{i}": Float(0, 1) for i in range(6)}, -3.322368011415515),
    "mixed": (
        mixed,
        {
            "rate": Float(1e-5, 1.0, log=True),
            "layers": Integer(1, 8),
            "kind": Categorical(["relu", "tanh", "gelu"]),
            "decay": Float(0, 1),
        },
        0.0,
    ),
}


def run(hone, function, variant, seed):
    """One run; answers the values in their order."""
    objective, space, _ = FUNCTIONS[function]
    if variant == "tpe":
        import optuna

        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        study.optimize(objective, n_trials=EVALUATIONS)
        return [trial.value for trial in study.trials]
    with tempfile.TemporaryDirectory() as folder:
        with HoneServer(hone, folder) as server, Client(server.url, token="") as client:
            if variant == "native":
                options = {"seed": seed, "reproducible": True}
                study = client.create_study("run", space, direction="minimize", tuner=options)
                study.optimize(objective, n_trials=EVALUATIONS)
            else:
                import optuna

                from hone_client.optuna import HoneSampler

                given = space if variant == "given" else None
                study = optuna.create_study(sampler=HoneSampler(client, search_space=given, seed=seed))
                study.optimize(objective, n_trials=EVALUATIONS)
            return [trial.value for trial in study.trials]


def run_all(options):
    options.out.parent.mkdir(exist_ok=True)
    known = set()
    if options.out.exists():
        for line in options.out.read_text().splitlines():
            entry = json.loads(line)
            known.add((entry["function"], entry["variant"], entry["seed"]))
    for function in FUNCTIONS:
        for seed in range(1, options.seeds + 1):
            for variant in VARIANTS:
                if (function, variant, seed) in known:
                    continue
                began = time.monotonic()
                values = run(options.hone, function, variant, seed)
                with open(options.out, "a") as out:
                    out.write(
                        json.dumps({"function": function, "variant": variant, "seed": seed, "values": values}) + "\n"
                    )
                print(f"{function} {variant} {seed}: {min(values):.6g}, {time.monotonic() - began:.1f} s", flush=True)


def report(options):
    runs = {}
    for line in options.file.read_text().splitlines():
        entry = json.loads(line)
        runs[entry["function"], entry["variant"], entry["seed"]] = entry["values"]
    print("| function | variant | regret at 20 | at 40 | at 60 | same as native, value for value |")
    print("| --- | --- | --- | --- | --- | --- |")
    for function, (_, _, least) in FUNCTIONS.items():
        for variant in VARIANTS:
            seeds = sorted(seed for f, v, seed in runs if (f, v) == (function, variant))
            if not seeds:
                continue
            medians = [
                statistics.median(min(runs[function, variant, seed][:n]) - least for seed in seeds)
                for n in (20, 40, 60)
            ]
            same = sum(runs[function, variant, s] == runs.get((function, "native", s)) for s in seeds)
            cells = " | ".join(f"{max(0.0, median):.2g}" for median in medians)
            print(f"| {function} | {variant} | {cells} | {same} of {len(seeds)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    running = commands.add_parser("run")
    running.add_argument("--hone", required=True, help="a built `hone`")
    running.add_argument("--seeds", type=int, default=5)
    running.add_argument("--out", type=pathlib.Path, required=True)
    running.set_defaults(act=run_all)
    reporting = commands.add_parser("report")
    reporting.add_argument("file", type=pathlib.Path)
    reporting.set_defaults(act=report)
    options = parser.parse_args()
    if options.act is run_all:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
    options.act(options)


if __name__ == "__main__":
    main()
