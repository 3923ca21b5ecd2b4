#!/usr/bin/env python3
"""Members that are more than their workers, and what a decision costs, through a real server.

    Benchmarks/population/scale.py [--hone PATH]

- 8 members on 2 workers and 100 members on 50, training for times drawn at random: every member trains to its end, and
  whenever a part is handed out, none of the members that were free had had fewer parts (nobody starves).
- What deciding who goes on from whose state costs in a population of 100, beside a commit: the median ask of the
  population less the median ask of random search in turn with it, and the mean commit by the server's metrics.

Leaves with 1 where a member starves, or a decision costs more than a commit. Needs Python 3.10 and a built `hone`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import threading
import time

from service import Connection, HoneServer, executable


def study(name: str, tuner: dict) -> dict:
    return {
        "name": name, "parameters": [
            {"name": "rate", "type": "float", "low": 1e-5, "high": 1, "log": True},
            {"name": "momentum", "type": "float", "low": 0, "high": 1},
            {"name": "width", "type": "int", "low": 8, "high": 512},
            {"name": "kind", "type": "categorical", "choices": ["a", "b", "c"]}],
        "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": tuner}


def crowd(port: int, members: int, workers: int, steps: int) -> dict:
    """Trains a population on fewer workers than members."""
    name = f"crowd-{members}-{workers}"
    Connection(port).good("POST", "/v1/studies", study(name, {
        "name": "population_based", "seed": 1, "population_size": members, "interval": 1, "max_steps": steps}))

    def work(number: int) -> None:
        draw, connection = random.Random(number), Connection(port)
        while True:
            answer = connection.good("POST", f"/v1/studies/{name}/ask", {"worker": f"w{number}"})
            if not answer["trials"]:
                if answer.get("reason") == "tuner_finished":
                    return connection.close()
                time.sleep(0.005)
                continue
            trial = answer["trials"][0]
            time.sleep(draw.expovariate(1 / 0.02))
            connection.good("POST", f"/v1/studies/{name}/trials/{trial['number']}/tell", {
                "metrics": {"loss": draw.random()}, "checkpoint": f"c{trial['number']}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    return {"members": members, "workers": workers, "seconds": round(seconds, 1),
            **judged(Connection(port).pages(f"/v1/studies/{name}/trials", "trials"), members, steps)}


def judged(trials: list[dict], members: int, steps: int) -> dict:
    """What the record says: numbers are in the order of the hand-outs, and times are the service's own."""
    last: dict[int, dict] = {}
    begun = dict.fromkeys(range(members), 0)
    twice = starved = 0
    for trial in trials:
        member, now = trial["resume"]["member"], trial["started_at"]
        if member in last and last[member]["finished_at"] > now:
            twice += 1
        # Times are whole milliseconds: what ended in the same one may have ended after.
        free = [
            other for other in begun
            if other not in last or last[other]["finished_at"] < now and last[other]["resume"]["step_to"] < steps]
        starved += any(begun[other] < begun[member] for other in free)
        begun[member] += 1
        last[member] = trial
    return {
        "parts": len(trials), "held twice": twice, "passed over": starved,
        "members at their last step": sum(trial["resume"]["step_to"] == steps for trial in last.values())}


def commit_seconds(connection: Connection) -> tuple[float, float]:
    text = connection.good("GET", "/metrics")
    total = re.search(r"^hone_commit_seconds_sum\S* (\S+)", text, re.M)
    count = re.search(r"^hone_commit_seconds_count\S* (\S+)", text, re.M)
    return float(total.group(1)), float(count.group(1))


def decisions(port: int, members: int, rounds: int) -> dict:
    """Asks of a population and of random search in turn, all members with results."""
    connection, draw = Connection(port), random.Random(1)
    connection.good("POST", "/v1/studies", study("decisions", {
        "name": "population_based", "seed": 1, "population_size": members, "interval": 1}))
    connection.good("POST", "/v1/studies", study("plain", {"name": "random", "seed": 1}))
    seconds: dict[str, list[float]] = {"decisions": [], "plain": []}
    before = commit_seconds(connection)
    for _ in range(2 * members + rounds):
        for name, taken in seconds.items():
            start = time.perf_counter()
            trial = connection.good("POST", f"/v1/studies/{name}/ask", {})["trials"][0]
            taken.append(time.perf_counter() - start)
            body = {"metrics": {"loss": draw.random()}}
            if name == "decisions":
                body["checkpoint"] = f"c{trial['number']}"
            connection.good("POST", f"/v1/studies/{name}/trials/{trial['number']}/tell", body)
    after = commit_seconds(connection)
    medians = {name: statistics.median(taken[2 * members:]) * 1e3 for name, taken in seconds.items()}
    commit = (after[0] - before[0]) / (after[1] - before[1]) * 1e3
    return {
        "members": members, "ask of the population, ms": round(medians["decisions"], 3),
        "ask of random search, ms": round(medians["plain"], 3),
        "a decision, ms": round(medians["decisions"] - medians["plain"], 3), "a commit, ms": round(commit, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hone", help="the executable; .build/release/hone where left out")
    parser.add_argument("--out", help="a file for the results, lines of JSON")
    options = parser.parse_args()
    results, sound = [], True
    with tempfile.TemporaryDirectory(prefix="hone-scale-") as folder:
        server = HoneServer(executable(options.hone), folder).start()
        try:
            for members, workers, steps in ((8, 2, 40), (100, 50, 20)):
                results.append(crowd(server.port, members, workers, steps))
                print(json.dumps(results[-1]), flush=True)
                sound = sound and not results[-1]["held twice"] and not results[-1]["passed over"]
                sound = sound and results[-1]["members at their last step"] == members
            results.append(decisions(server.port, 100, 300))
            print(json.dumps(results[-1]), flush=True)
            sound = sound and results[-1]["a decision, ms"] < results[-1]["a commit, ms"]
        finally:
            server.stop()
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in results)
    print("sound" if sound else "NOT SOUND")
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
