#!/usr/bin/env python3
"""The table of all tuners in the README, from the lines of `bilevel-runs table:…`.

Usage: table.py results/table.jsonl
"""

import json
import statistics
import sys

GAPS = ["0.01", "0.001", "0.0001"]
PROBLEMS = ["t1", "t1-3", "t2", "t3-1", "t3-10", "t4", "t5-1", "t5-64", "t6", "t7", "t8"]
TUNERS = ["hypergradient", "maid", "hoag", "f2sa", "bda", "pes", "es_single", "bayesian"]


def cost(run, gap):
    """Steps of training plus products with the Hessian; of direct methods the solutions, with an s."""
    spent = run.get(f"to_{gap}")
    if spent is None:
        return None
    if run.get("solves", 0):
        return (spent["solves"] + (0 if spent["solves"] else spent["inner"]), "s")
    return (spent["inner"] + spent["hvp"], "")


def text(value):
    return "–" if value is None else f"{value[0]:,}{value[1]}"


def best(runs):
    """Of several settings of a tuner that with the smallest gap reached, then the least cost."""
    def order(run):
        costs = [cost(run, gap) for gap in GAPS]
        return [1 if c is None else 0 for c in reversed(costs)] + [next((c[0] for c in reversed(costs) if c), 0)]

    return min(runs, key=order)


def cell(runs, tuner):
    runs = [run for run in runs if "refused" not in run]
    if not runs:
        return ""
    if tuner == "bayesian":
        parts = []
        for gap in GAPS:
            found = [run[f"to_{gap}"] for run in runs if f"to_{gap}" in run]
            if 2 * len(found) <= len(runs):
                parts.append("–")
            else:
                missing = [float("inf")] * (len(runs) - len(found))
                solves = statistics.median([f["answers"] for f in found] + missing)
                steps = statistics.median([f["inner"] + f["hvp"] for f in found] + missing)
                direct = any(run.get("solves", 0) for run in runs)
                parts.append(f"{solves:,.0f}s" if direct else f"{steps:,.0f}")
        return ", ".join(parts)
    chosen = best(runs)
    return ", ".join(text(cost(chosen, gap)) for gap in GAPS)


def main():
    runs, least = {}, {}
    for line in open(sys.argv[1]):
        run = json.loads(line)
        if run["case"] == "table":
            runs.setdefault((run["problem"], run["tuner"]), []).append(run)
            least.setdefault(run["problem"], [None, run["d"]])
        elif run["case"] == "table-least":
            least[run["problem"]] = [run["least"], run["d"]]
    problems = [p for p in PROBLEMS if any(key[0] == p for key in runs)]
    print("| | " + " | ".join(f"{p} (d = {least[p][1]})" for p in problems) + " |")
    print("|" + " --- |" * (len(problems) + 1))
    for tuner in TUNERS:
        print(f"| {tuner} | " + " | ".join(cell(runs.get((p, tuner), []), tuner) for p in problems) + " |")
    for p in problems:
        print(p, least[p], {r.get("refused") for t in TUNERS for r in runs.get((p, t), []) if "refused" in r},
              file=sys.stderr)


if __name__ == "__main__":
    main()
