#!/usr/bin/env python3
"""Measures how long an ask takes on a study with many told trials, through a real server.

    ask_latency.py path/to/hone [--trials 500] [--asks 40] [--think 1.0]

A server is started on a database of its own. Each row is a study of six floats under the tuner bayesian with so many
told trials, laid out by its initial design, so that the model decides from then on. Then workers go on, each on a
connection of its own:

    after ask     a worker thinks between ask and tell, and asks again at once
    after tell    a worker thinks between tell and ask, as one that loads data or reports does

The columns are milliseconds of an ask as the client sees it, the part of asks whose suggestion knows every result that was
told before (by origin.history), and for comparison a tell.
"""

import argparse
import http.client
import json
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from hone_server import HoneServer  # noqa: E402


class Client:
    def __init__(self, server):
        self.connection = http.client.HTTPConnection(*server.address, timeout=120)

    def post(self, path, body):
        begin = time.perf_counter()
        self.connection.request(
            "POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - begin
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {text[:500]}")
        return json.loads(text), seconds


def loss(parameters):
    return sum((value - 0.3 * index) ** 2 for index, value in enumerate(parameters.values()))


def make_study(server, name, trials, max_wait):
    client = Client(server)
    tuner = {"name": "bayesian", "seed": 1, "initial_trials": trials}
    if max_wait is not None:
        tuner["max_wait_ms"] = max_wait
    client.post("/v1/studies", {
        "name": name, "tuner": tuner,
        "parameters": [{"name": f"x{i}", "type": "float", "low": -2, "high": 2} for i in range(6)],
        "objectives": [{"metric": "loss", "goal": "minimize"}]})
    told = 0
    while told < trials:
        answer, _ = client.post(f"/v1/studies/{name}/ask", {"count": min(100, trials - told)})
        for trial in answer["trials"]:
            client.post(
                f"/v1/studies/{name}/trials/{trial['number']}/tell", {"metrics": {"loss": loss(trial["parameters"])}})
        told += len(answer["trials"])


def work(server, study, worker, asks, think, when, results):
    client = Client(server)
    for _ in range(asks):
        with results["lock"]:
            last_result = results["last_result"]
        answer, asked = client.post(f"/v1/studies/{study}/ask", {"worker": f"w{worker}"})
        trial = answer["trials"][0]
        with results["lock"]:
            results["events"] += 1
            results["knowing"].append(trial["origin"]["history"] >= last_result)
        if when == "after ask":
            time.sleep(think)
        _, told = client.post(
            f"/v1/studies/{study}/trials/{trial['number']}/tell", {"metrics": {"loss": loss(trial["parameters"])}})
        with results["lock"]:
            results["asks"].append(asked * 1000)
            results["tells"].append(told * 1000)
            results["events"] += 1
            results["last_result"] = results["events"]
        if when == "after tell":
            time.sleep(think)


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hone")
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--think", type=float, default=1.0)
    options = parser.parse_args()
    rows = [
        ("after tell", 1, None), ("after tell", 4, None), ("after ask", 1, None), ("after ask", 1, 0),
        ("after ask", 4, None), ("after ask", 4, 0),
    ]
    print(f"{options.trials} told trials, 6 floats, {options.think} s of thought")
    print(f"{'thought':11} {'workers':>7} {'max_wait_ms':>11} {'ask p50':>8} {'p95':>8} {'max':>8} "
          f"{'knowing':>8} {'tell p50':>9} {'p95':>8}")
    with tempfile.TemporaryDirectory() as folder:
        server = HoneServer(options.hone, folder).start()
        try:
            for index, (when, workers, max_wait) in enumerate(rows):
                study = f"s{index}"
                make_study(server, study, options.trials, max_wait)
                results = {
                    # Every told trial has two events: started and completed.
                    "events": 2 * options.trials, "last_result": 2 * options.trials, "asks": [], "tells": [], "knowing": [], "lock": threading.Lock()}
                threads = [
                    threading.Thread(
                        target=work,
                        args=(server, study, worker, max(1, options.asks // workers), options.think, when, results))
                    for worker in range(workers)]
                for number, thread in enumerate(threads):
                    thread.start()
                    time.sleep(options.think / max(1, len(threads)))
                for thread in threads:
                    thread.join()
                asks, tells = results["asks"], results["tells"]
                print(f"{when:11} {workers:7} {2000 if max_wait is None else max_wait:11} "
                      f"{quantile(asks, 0.5):8.1f} {quantile(asks, 0.95):8.1f} {max(asks):8.1f} "
                      f"{sum(results['knowing']) / len(results['knowing']):8.0%} "
                      f"{quantile(tells, 0.5):9.1f} {quantile(tells, 0.95):8.1f}", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
