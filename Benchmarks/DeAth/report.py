#!/usr/bin/env python3
"""Tables in Markdown and a plot of runs of `de-ath`, beside the published runs of the paper's authors.

`published.csv` holds the medians of the authors' own 51 runs (github.com/georgedeath/egreedy, folder results_paper),
computed again against the exact least values: log10 of the median regret, and median and scaled median absolute
deviation after 250 evaluations. Usage: report.py [--plot FILE] FILE…
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import json
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
# Regrets below this are rounding.
FLOOR = 1e-15
# A run has found the global optimum of WangFreitas, not the broad local one 2 above it, below this regret.
FOUND = 1e-3


def published():
    result = collections.defaultdict(dict)
    with open(FOLDER / "published.csv") as file:
        for line in csv.DictReader(file):
            result[line["problem"]][line["method"]] = line
    return result


def read(paths):
    """The best regret so far of every run, by label and problem; and what ran them."""
    runs = collections.defaultdict(lambda: collections.defaultdict(dict))
    origins = collections.defaultdict(set)
    seconds = collections.defaultdict(list)
    for path in paths:
        with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
            for line in file:
                try:
                    run = json.loads(line)
                except json.JSONDecodeError:
                    continue
                trace = np.minimum.accumulate(np.maximum(np.array(run["regrets"]), FLOOR))
                runs[run["label"]][run["problem"]][run["seed"]] = trace
                origins[run["label"]].add(
                    f"{run['version']}, noise {run['noise']}, tuner {json.dumps(run['tuner'])}, {run['machine']}"
                )
                seconds[run["label"], run["problem"]].append(run["suggest_seconds"])
    return runs, origins, seconds


def table(header, rows) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1)] + rows
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def logarithms(traces) -> list[str]:
    values = []
    for count in (50, 100, 250):
        reached = [trace[count - 1] for trace in traces if len(trace) >= count]
        values.append(f"{np.log10(np.median(reached)):.2f}" if reached else "–")
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--plot")
    arguments = parser.parse_args()
    runs, origins, seconds = read(arguments.files)
    reference = published()
    methods = list(next(iter(reference.values())))
    labels = list(runs)
    for label in labels:
        print(f"- `{label}`: {'; '.join(sorted(origins[label]))}")
    print("\nlog10 of the median regret after 50/100/250 evaluations; published: after 250, best in bold.\n")
    rows = []
    wins = dict.fromkeys(labels, 0)
    for problem, lines in reference.items():
        best = min(float(line["log10_250"]) for line in lines.values())
        cells = [problem]
        for label in labels:
            traces = list(runs[label][problem].values())
            text = "/".join(logarithms(traces)) if traces else ""
            if traces and len(traces[0]) >= 250 and np.log10(np.median([t[249] for t in traces])) <= best + 0.005:
                wins[label] += 1
                text = f"**{text}**"
            cells.append(text + (f" ({len(traces)})" if traces else ""))
        for method in methods:
            value = float(lines[method]["log10_250"])
            cells.append(f"**{value:.2f}**" if value == best else f"{value:.2f}")
        rows.append(cells)
    print(table(["problem"] + [f"{label} (runs)" for label in labels] + methods, rows))
    for label in labels:
        print(f"`{label}` is at least as good as the best published figure on {wins[label]} of {len(reference)} problems.")
    print("\nMedian regret and scaled median absolute deviation after 250 evaluations.\n")
    rows = []
    for problem, lines in reference.items():
        best = min(lines.values(), key=lambda line: float(line["median_250"]))
        cells = [problem]
        for label in labels:
            final = np.array([trace[249] for trace in runs[label][problem].values() if len(trace) >= 250])
            if len(final) == 0:
                cells += ["", ""]
                continue
            deviation = 1.4826 * np.median(np.abs(final - np.median(final)))
            cells.append(f"{np.median(final):.2e} ({deviation:.1e}), worst {final.max():.1e}")
            cells.append(f"{np.mean(seconds[label, problem]):.0f}")
        rows.append(cells + [f"{best['method']} {best['median_250']} ({best['mad_250']})"])
    header = ["problem"]
    for label in labels:
        header += [label, "seconds a run"]
    print(table(header + ["best published"], rows))
    for label in labels:
        traces = list(runs[label]["WangFreitas"].values())
        if traces:
            found = np.mean([trace[-1] < FOUND for trace in traces])
            print(f"`{label}` finds the global optimum of WangFreitas in {found:.0%} of {len(traces)} runs.")
    if arguments.plot:
        draw(runs, reference, arguments.plot)


def draw(runs, reference, path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hone"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 5, figsize=(18, 7), sharex=True)
    for axis, (problem, lines) in zip(axes.flat, reference.items()):
        for index, (label, problems) in enumerate(runs.items()):
            traces = list(problems[problem].values())
            if not traces:
                continue
            length = min(len(trace) for trace in traces)
            matrix = np.log10(np.array([trace[:length] for trace in traces]))
            counts = np.arange(1, length + 1)
            axis.plot(counts, np.median(matrix, axis=0), color=f"C{index}", label=label)
            low, high = np.quantile(matrix, [0.25, 0.75], axis=0)
            axis.fill_between(counts, low, high, color=f"C{index}", alpha=0.15, linewidth=0)
        for style, method in zip(("--", ":", "-."), ("EI", "eFront_eps0.1", "Exploit")):
            counts = [50, 100, 150, 200, 250]
            values = [float(lines[method][f"log10_{count}"]) for count in counts]
            axis.plot(counts, values, style, color="0.4", label=f"{method}, published")
        axis.set_title(problem)
    axes[0, 0].set_ylabel("log10 of the regret, median and quartiles")
    axes[1, 0].set_ylabel("log10 of the regret, median and quartiles")
    for axis in axes[1]:
        axis.set_xlabel("evaluations")
    axes[0, 0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
