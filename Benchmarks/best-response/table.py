#!/usr/bin/env python3
"""Tables of results/*.jsonl: means over seeds ± standard errors.

table.py FILE…
"""

import json
import math
import statistics
import sys
from collections import defaultdict


def spread(values, digits=4):
    values = [value for value in values if value is not None and math.isfinite(value)]
    if not values:
        return "–"
    mean = statistics.fmean(values)
    if len(values) < 2:
        return f"{mean:.{digits}f}"
    error = statistics.stdev(values) / math.sqrt(len(values))
    return f"{mean:.{digits}f} ± {error:.{digits}f}"


def main():
    rows = [json.loads(line) for name in sys.argv[1:] for line in open(name) if line.strip()]
    groups = defaultdict(list)
    for row in rows:
        if "validation" not in row or row["case"] == "linear":
            continue
        way = row.get("way") or row.get("method")
        start = row.get("start")
        start = ", ".join(f"{x:g}" for x in start) if isinstance(start, list) else start
        if way == "grid":
            way = f"grid {start:.1f}"
        elif row.get("method") == "fixed" and start is not None and row["case"] == "digits":
            way = f"fixed {start}"
        key = (row["case"], row["rows"], way, row.get("steps"), row.get("longest"))
        groups[key].append(row)
    print("| case | rows | way | steps | longest trial | seeds | validation | test | test error | trials | s |")
    print("| --- " * 11 + "|")
    for (case, count, way, steps, longest), found in sorted(groups.items(), key=str):
        trials = [row["trials"] for row in found if "trials" in row]
        print(
            f"| {case} | {count} | {way} | {steps} | {longest or ''} | {len(found)}"
            f" | {spread([row['validation'] for row in found])} | {spread([row['test'] for row in found])}"
            f" | {100 * statistics.fmean(row['test_error'] for row in found):.1f} %"
            f" | {spread(trials, 1) if trials else ''} | {statistics.fmean(row['s'] for row in found):.1f} |"
        )
    times(rows)


def times(rows):
    groups = defaultdict(dict)
    for row in rows:
        if row["case"].startswith("times_"):
            groups[row["case"], row["round"]][row["way"]] = row["us"]
    ratios = defaultdict(list)
    for (case, _), ways in groups.items():
        for way, time in ways.items():
            if "fixed" in ways:
                ratios[case, way].append((time / ways["fixed"], time))
    if ratios:
        print("\n| case | way | ratio: median, quartiles | µs: least |\n| --- | --- | --- | --- |")
    for (case, way), found in sorted(ratios.items()):
        shares = [share for share, _ in found]
        low, middle, high = statistics.quantiles(shares, n=4) if len(shares) > 1 else shares * 3
        print(f"| {case} | {way} | {middle:.2f} ({low:.2f} – {high:.2f}) | {min(time for _, time in found):.0f} |")


main()
