"""Tables in Markdown and a plot of the runs of one budget."""

from __future__ import annotations

import collections
import statistics
from typing import Any, Iterable

import numpy as np

from problems import Problem, all_problems

# Medians this close, relative to their size, count as equal.
TIE = 1e-9


def best_so_far(run: dict[str, Any], problem: Problem) -> np.ndarray:
    """The true value of what was best as the optimiser saw it, after every evaluation; the regret where it is known."""
    values = np.array(run["values"])
    told = np.array(run.get("told", run["values"]))
    incumbents = np.array([int(np.argmin(told[: count + 1])) for count in range(len(told))])
    return values[incumbents] - (problem.optimum or 0.0)


class Runs:
    """The best values so far of all runs of one budget, by problem and optimiser."""

    def __init__(self, records: Iterable[dict[str, Any]], budget: int):
        self.traces: dict[str, dict[str, list[np.ndarray]]] = collections.defaultdict(dict)
        self.seconds: dict[str, list[float]] = collections.defaultdict(list)
        self.late: dict[str, list[float]] = collections.defaultdict(list)
        self.processor: dict[str, list[float]] = collections.defaultdict(list)
        self.versions: dict[str, set[str]] = collections.defaultdict(set)
        self.machines: set[str] = set()
        self.errors: list[dict[str, Any]] = []
        problems = all_problems()
        for record in records:
            if record["budget"] != budget or record["problem"] not in problems:
                continue
            if "error" in record:
                self.errors.append(record)
                continue
            label = record["optimiser"]
            trace = best_so_far(record, problems[record["problem"]])
            self.traces[record["problem"]].setdefault(label, []).append(trace)
            self.seconds[label].append(statistics.median(record["suggest_seconds"]))
            self.late[label].append(statistics.median(record["suggest_seconds"][-10:]))
            self.processor[label].append(statistics.mean(record["suggest_processor_seconds"]))
            self.versions[label].add(record["version"])
            self.machines.add(record["machine"])
        self.problems = [name for name in problems if name in self.traces]

    @property
    def optimisers(self) -> list[str]:
        order = ["optuna-gp", "optuna-tpe", "ax", "hebo", "random"]
        hone = sorted(label for label in self.seconds if label not in order)
        return hone + [label for label in order if label in self.seconds]

    def median(self, problem: str, label: str, count: int) -> float | None:
        traces = self.traces[problem].get(label)
        return None if traces is None else float(np.median([trace[count - 1] for trace in traces]))

    def superiority(self, problem: str, label: str, other: str, count: int) -> float:
        """How probable it is that a run of one is better than a run of the other, ties counted half."""
        first = [trace[count - 1] for trace in self.traces[problem][label]]
        second = [trace[count - 1] for trace in self.traces[problem][other]]
        return float(np.mean([[outcome(a, b) for b in second] for a in first]))


def outcome(a: float, b: float) -> float:
    if abs(a - b) <= TIE * max(1.0, abs(a), abs(b)):
        return 0.5
    return 1.0 if a < b else 0.0


def ranks(values: dict[str, float]) -> dict[str, float]:
    """Ranks from 1, equal values sharing the mean of theirs."""
    return {
        label: 0.5 + sum(outcome(other, value) for other in values.values()) for label, value in values.items()
    }


def brief(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [row(header), row(["---"] + ["---:"] * (len(header) - 1))] + [row(cells) for cells in rows]
    return "\n".join(lines) + "\n"


def report(records: list[dict[str, Any]], of: str, budget: int, plot: str | None) -> None:
    runs = Runs(records, budget)
    if not runs.problems:
        raise SystemExit(f"There are no runs with a budget of {budget}.")
    labels = runs.optimisers
    problems = all_problems()
    print(f"Machine: {'; '.join(sorted(runs.machines))}.\n")
    half = budget // 2
    for count in [budget, half]:
        print(f"### Median of the best after {count} evaluations\n")
        print("Regret where the least value is known (*), else the value; the best of each line in bold.\n")
        rows = []
        for name in runs.problems:
            medians = {label: runs.median(name, label, count) for label in labels}
            known = [value for value in medians.values() if value is not None]
            cells = [name + ("*" if problems[name].optimum is not None else "")]
            for value in medians.values():
                best = value is not None and outcome(value, min(known)) == 0.5
                cells.append(f"**{brief(value)}**" if best else brief(value))
            rows.append(cells)
        print(table(["problem"] + labels, rows))
    print_ranks(runs, labels, [half, budget])
    if of in labels:
        print_wins(runs, of, [label for label in labels if label != of], [half, budget])
        print_losses(runs, of, [label for label in labels if label != of], budget)
    print_seconds(runs, labels)
    for error in runs.errors:
        print(f"Failed: {error['problem']} {error['optimiser']} seed {error['seed']}: {error['error']}")
    if plot:
        draw(runs, labels, budget, plot)


def groups(runs: Runs) -> dict[str, list[str]]:
    problems = all_problems()
    result = {"all": runs.problems}
    for name in runs.problems:
        result.setdefault(problems[name].group, []).append(name)
    return result


def mean_ranks(runs: Runs, names: list[str], labels: list[str], count: int) -> dict[str, float]:
    """Over the problems that every optimiser of `labels` has run."""
    found: dict[str, list[float]] = {label: [] for label in labels}
    for name in names:
        values = {label: runs.median(name, label, count) for label in labels}
        if any(value is None for value in values.values()):
            continue
        for label, rank in ranks(values).items():
            found[label].append(rank)
    return {label: float(np.mean(values)) for label, values in found.items() if values}


def complete(runs: Runs, names: list[str], labels: list[str]) -> list[str]:
    """The optimisers that have run at least nine tenths of the problems."""
    return [label for label in labels if sum(label in runs.traces[name] for name in names) >= 0.9 * len(names)]


def print_ranks(runs: Runs, labels: list[str], counts: list[int]) -> None:
    print("### Mean rank\n")
    print("Ranks of the medians among the optimisers that have run (almost) all problems of a group.\n")
    rows = []
    for group, names in groups(runs).items():
        present = complete(runs, names, labels)
        for count in counts:
            means = mean_ranks(runs, names, present, count)
            rows.append([f"{group} ({len(names)}), {count}"] + [brief(means.get(label)) for label in labels])
    print(table(["group (problems), evaluations"] + labels, rows))


def print_wins(runs: Runs, of: str, others: list[str], counts: list[int]) -> None:
    print(f"### How often {of} is better\n")
    print(
        "Share of the problems whose median is better, ties counted half; in brackets the mean probability that one "
        "run is better than one of the other's.\n"
    )
    rows = []
    for group, names in groups(runs).items():
        for count in counts:
            cells = [f"{group}, {count}"]
            for other in others:
                shared = [name for name in names if of in runs.traces[name] and other in runs.traces[name]]
                if not shared:
                    cells.append("")
                    continue
                wins = [outcome(runs.median(n, of, count), runs.median(n, other, count)) for n in shared]
                single = [runs.superiority(n, of, other, count) for n in shared]
                cells.append(f"{np.mean(wins):.0%} ({np.mean(single):.0%}) of {len(shared)}")
            rows.append(cells)
    print(table(["group, evaluations"] + others, rows))


def print_losses(runs: Runs, of: str, others: list[str], budget: int) -> None:
    print(f"### Largest losses of {of}\n")
    print(
        "The gap to the best peer as a share of the gap between that peer and random search (median of the best; 1 is "
        "no better than random).\n"
    )
    losses = []
    for name in runs.problems:
        mine = runs.median(name, of, budget)
        peers = {label: runs.median(name, label, budget) for label in others if label.split("@")[0][:4] != "hone"}
        peers = {label: value for label, value in peers.items() if value is not None}
        if mine is None or "random" not in peers or len(peers) < 2:
            continue
        winner = min(peers, key=lambda label: peers[label])
        gap = peers["random"] - peers[winner]
        if outcome(mine, peers[winner]) == 0.0 and gap > 0:
            losses.append(((mine - peers[winner]) / gap, name, winner, mine, peers[winner], peers["random"]))
    rows = [
        [name, f"{share:.2g}", brief(mine), f"{brief(best)} ({winner})", brief(random)]
        for share, name, winner, mine, best, random in sorted(losses, reverse=True)[:25]
    ]
    print(table(["problem", "share", of, "best peer", "random"], rows))


def print_seconds(runs: Runs, labels: list[str]) -> None:
    print("### Seconds per suggestion\n")
    print(
        "Ask and tell together. Wall-clock seconds suffer from what else the machine did; processor seconds hardly. "
        "`Benchmarks/speed` measures side by side.\n"
    )
    rows = []
    for label in labels:
        versions = ", ".join(sorted(runs.versions[label]))
        seconds = statistics.median(runs.seconds[label]), statistics.median(runs.late[label])
        processor = statistics.mean(runs.processor[label])
        rows.append([label, versions, str(len(runs.seconds[label])), *map(brief, seconds), brief(processor)])
    header = ["optimiser", "version", "runs", "wall, median", "wall, last ten", "processor, mean"]
    print(table(header, rows))


def draw(runs: Runs, labels: list[str], budget: int, path: str) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hone"
    from matplotlib import pyplot

    panels = groups(runs)
    figure, axes = pyplot.subplots(2, 3, figsize=(13, 7.5), sharex=True)
    counts = list(range(2, budget + 1, max(1, budget // 60)))
    for axis, (group, names) in zip(axes.flat, panels.items()):
        present = complete(runs, names, labels)
        curves = [mean_ranks(runs, names, present, count) for count in counts]
        for index, label in enumerate(labels):
            if label in present and label in curves[0]:
                axis.plot(counts, [curve[label] for curve in curves], label=label, color=f"C{index}")
        axis.set_title(f"{group}: {len(names)} problems")
        axis.invert_yaxis()
        axis.legend(fontsize=8)
    for axis in axes[:, 0]:
        axis.set_ylabel("mean rank of the median (1 is best)")
    for axis in axes[-1]:
        axis.set_xlabel("evaluations")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
