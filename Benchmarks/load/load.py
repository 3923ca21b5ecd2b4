#!/usr/bin/env python3
"""What the service bears: `load.py path/to/hone [PART …]`.

The parts, all unless some are named; each starts a server of its own on a new database, at full durability:

    throughput  64 keep-alive clients of two processes ask and tell as fast as they can, on one study and on eight; beside
                Optuna on SQLite and on its gRPC storage, with two processes each (needs optuna, and grpcio for the latter)
    pace        64 clients tell 500 times a second together
    growth      asks, pages and memory from 100 to 100,000 trials, then a restart: start, and the first ask
    leases      1,000 workers hold trials, send heartbeats, and tell
    fits        eight Bayesian studies of 1,000 trials are asked while /healthz and another study's tells are timed
    --json FILE keeps the figures too

The random tuner is used throughout, but for `fits`. Times are milliseconds as clients see them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sqlite3
import statistics
import tempfile
import threading
import time

from service import Connection, Service, drive, loss, quadratic, quantile

RANDOM = {"name": "random", "seed": 1}
FIGURES: dict[str, dict] = {}


def note(part: str, text: str, **figures) -> None:
    print(f"{part:11} {text}", flush=True)
    FIGURES.setdefault(part, {}).update(figures)


def in_processes(count: int, function, *arguments) -> list:
    with multiprocessing.Pool(count) as pool:
        return pool.starmap(function, [(index, *arguments) for index in range(count)])


# MARK: throughput and pace


def drive_part(index, address, studies, clients, seconds, rate):
    return drive(address, studies[index::2] or studies, clients, seconds, rate)


def drive_all(service, studies, clients, seconds, rate=None):
    parts = in_processes(2, drive_part, service.address, studies, clients // 2, seconds, rate and rate / 2)
    return [t for part in parts for t in part[0]], [t for part in parts for t in part[1]]


def throughput(hone, seconds):
    for count in (1, 8):
        with tempfile.TemporaryDirectory() as folder, Service(hone, folder) as service:
            connection = Connection(service.address)
            studies = [f"s{i}" for i in range(count)]
            for study in studies:
                connection.call("POST", "/v1/studies", quadratic(study, RANDOM))
            asks, tells = drive_all(service, studies, 64, seconds)
            rate = len(tells) / seconds
            note(
                "throughput",
                f"64 clients, {count} studies: {rate:,.0f} tells/s, as many asks; ask p50 "
                f"{1000 * quantile(asks, 0.5):.1f} ms, p99 {1000 * quantile(asks, 0.99):.1f} ms, tell p50 "
                f"{1000 * quantile(tells, 0.5):.1f} ms, p99 {1000 * quantile(tells, 0.99):.1f} ms",
                **{f"tells_per_second_{count}": rate},
            )
    for kind in ("sqlite", "grpc"):
        try:
            rate = optuna_rate(kind, seconds)
        except ImportError as error:
            note("throughput", f"Optuna on {kind}: not run, {error}")
            continue
        ours = FIGURES["throughput"]["tells_per_second_1"]
        note(
            "throughput",
            f"Optuna on {kind}, 2 processes: {rate:,.1f} tells/s; Hone on one study {ours / rate:,.0f} times that",
            **{f"optuna_{kind}": rate},
        )


def optuna_work(index, kind, url, seconds):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if kind == "grpc":
        host, port = url.split(":")
        storage = optuna.storages.GrpcStorageProxy(host=host, port=int(port))
    else:
        storage = url
    study = optuna.load_study(
        study_name="s", storage=storage, sampler=optuna.samplers.RandomSampler(seed=index)
    )
    end = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < end:
        trial = study.ask()
        study.tell(trial, loss({f"x{i}": trial.suggest_float(f"x{i}", -2, 2) for i in range(6)}))
        count += 1
    return count


def optuna_proxy(url, port):
    import optuna

    optuna.storages.run_grpc_proxy_server(optuna.storages.RDBStorage(url), host="127.0.0.1", port=port)


def optuna_rate(kind, seconds):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/optuna.db"
        optuna.create_study(study_name="s", storage=url)
        proxy = None
        if kind == "grpc":
            import grpc  # noqa: F401
            import socket

            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            proxy = multiprocessing.Process(target=optuna_proxy, args=(url, port), daemon=True)
            proxy.start()
            url = f"127.0.0.1:{port}"
            time.sleep(3)
        counts = in_processes(2, optuna_work, kind, url, seconds)
        if proxy:
            proxy.terminate()
        return sum(counts) / seconds


def pace(hone, seconds):
    with tempfile.TemporaryDirectory() as folder, Service(hone, folder) as service:
        Connection(service.address).call("POST", "/v1/studies", quadratic("s", RANDOM))
        _, tells = drive_all(service, ["s"], 64, seconds, rate=500)
    p50, p99 = 1000 * quantile(tells, 0.5), 1000 * quantile(tells, 0.99)
    note("pace", f"{len(tells) / seconds:.0f} tells/s: p50 {p50:.2f} ms, p99 {p99:.2f} ms", p50=p50, p99=p99)


# MARK: growth


def growth(hone, _seconds):
    with tempfile.TemporaryDirectory() as folder:
        with Service(hone, folder) as service:
            before = service.memory()
            grow(service, before)
        restarts(hone, folder, before)


def grow(service, before):
    connection = Connection(service.address)
    connection.call("POST", "/v1/studies", quadratic("s", RANDOM))
    told = 0
    for goal in (100, 1_000, 10_000, 100_000):
        while told < goal:
            # Enqueued results are the quickest way to a long study.
            count = min(1000, goal - told)
            trials = [
                {"parameters": {f"x{i}": (told + k) % 97 / 97 for i in range(6)}, "metrics": {"loss": (told + k) % 89}}
                for k in range(count)
            ]
            connection.call("POST", "/v1/studies/s/enqueue", {"trials": trials})
            told += count
        asks, tells, pages = [], [], []
        for _ in range(200):
            answer, seconds = connection.call("POST", "/v1/studies/s/ask", {})
            asks.append(seconds)
            trial = answer["trials"][0]
            path = f"/v1/studies/s/trials/{trial['number']}/tell"
            tells.append(connection.call("POST", path, {"metrics": {"loss": 1}})[1])
        told += 200
        for order in ("number", "value", "-number"):
            for _ in range(10):
                pages.append(connection.call("GET", f"/v1/studies/s/trials?page_size=100&order_by={order}")[1])
        ask, tell, page = 1000 * statistics.median(asks), 1000 * statistics.median(tells), 1000 * quantile(pages, 0.95)
        memory = (service.memory() - before) / told
        note(
            "growth",
            f"{told:7,} trials: ask {ask:.2f} ms, tell {tell:.2f} ms, page of 100 p95 {page:.1f} ms, "
            f"{memory:,.0f} bytes of memory a trial",
            **{str(goal): {"ask": ask, "tell": tell, "page": page, "memory": memory}},
        )


def restarts(hone, folder, before):
    for snapshot in ("kept", "removed"):
        if snapshot == "removed":
            with sqlite3.connect(f"{folder}/hone.db") as database:
                database.execute("DELETE FROM snapshots")
        with Service(hone, folder) as service:
            first = Connection(service.address).call("POST", "/v1/studies/s/ask", {})[1]
            memory = service.memory() - before
            note(
                "growth",
                f"restart, snapshot {snapshot}: ready in {service.start_seconds:.2f} s, first ask {first:.2f} s, "
                f"{memory / 1e6:,.0f} MB more than without trials",
                **{f"restart_{snapshot}": {"start": service.start_seconds, "first_ask": first, "memory": memory}},
            )
            # Its end would write a snapshot anew.
            service.kill()


# MARK: leases


def leases(hone, _seconds):
    with tempfile.TemporaryDirectory() as folder, Service(hone, folder) as service:
        setup = Connection(service.address)
        setup.call("POST", "/v1/studies", quadratic("s", RANDOM))
        connections = [Connection(service.address) for _ in range(1_000)]
        asks, beats, tells, held = [], [], [], []
        for index, connection in enumerate(connections):
            answer, seconds = connection.call("POST", "/v1/studies/s/ask", {"worker": f"w{index}", "lease_seconds": 60})
            asks.append(seconds)
            held.append(answer["trials"][0])
        for _ in range(3):
            for connection, trial in zip(connections, held):
                path = f"/v1/studies/s/trials/{trial['number']}/heartbeat"
                beats.append(connection.call("POST", path, {"lease_token": trial["lease"]["token"]})[1])
        for connection, trial in zip(connections, held):
            path = f"/v1/studies/s/trials/{trial['number']}/tell"
            body = {"metrics": {"loss": loss(trial["parameters"])}, "lease_token": trial["lease"]["token"]}
            tells.append(connection.call("POST", path, body)[1])
    numbers = {trial["number"] for trial in held}
    note(
        "leases",
        f"1,000 workers, {len(numbers)} different trials: ask p99 {1000 * quantile(asks, 0.99):.1f} ms, heartbeat p99 "
        f"{1000 * quantile(beats, 0.99):.1f} ms, tell p99 {1000 * quantile(tells, 0.99):.1f} ms",
        trials=len(numbers), ask=quantile(asks, 0.99), heartbeat=quantile(beats, 0.99), tell=quantile(tells, 0.99),
    )


# MARK: fits


def fits(hone, seconds):
    with tempfile.TemporaryDirectory() as folder, Service(hone, folder) as service:
        connection = Connection(service.address)
        for study in range(8):
            tuner = {"name": "bayesian", "seed": study + 1, "initial_trials": 5}
            connection.call("POST", "/v1/studies", quadratic(f"fit{study}", tuner))
            trials = [
                {"parameters": (p := {f"x{i}": ((k * (i + 3) * 37 + study) % 1009) / 252 - 2 for i in range(6)}),
                 "metrics": {"loss": loss(p)}}
                for k in range(1_000)
            ]
            connection.call("POST", f"/v1/studies/fit{study}/enqueue", {"trials": trials})
        connection.call("POST", "/v1/studies", quadratic("quick", RANDOM))
        stop = threading.Event()
        turns = []

        def work(study):
            own = Connection(service.address)
            while not stop.is_set():
                answer, _ = own.call("POST", f"/v1/studies/fit{study}/ask", {})
                trial = answer["trials"][0]
                own.call(
                    "POST", f"/v1/studies/fit{study}/trials/{trial['number']}/tell",
                    {"metrics": {"loss": loss(trial["parameters"])}})
                turns.append(study)

        threads = [threading.Thread(target=work, args=(study,), daemon=True) for study in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(2)
        healths, tells = [], []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            healths.append(connection.call("GET", "/healthz")[1])
            answer, _ = connection.call("POST", "/v1/studies/quick/ask", {})
            path = f"/v1/studies/quick/trials/{answer['trials'][0]['number']}/tell"
            tells.append(connection.call("POST", path, {"metrics": {"loss": 1}})[1])
            time.sleep(0.01)
        stop.set()
        for thread in threads:
            thread.join()
    note(
        "fits",
        f"{len(turns)} turns of eight fitting studies of 1,000 trials; beside them /healthz p50 "
        f"{1000 * quantile(healths, 0.5):.1f} p99 {1000 * quantile(healths, 0.99):.1f} ms, another study's tell p50 "
        f"{1000 * quantile(tells, 0.5):.1f} p99 {1000 * quantile(tells, 0.99):.1f} ms",
        health_p99=quantile(healths, 0.99), tell_p99=quantile(tells, 0.99), turns=len(turns),
    )


PARTS = {"throughput": throughput, "pace": pace, "growth": growth, "leases": leases, "fits": fits}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hone", help="the built command")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--seconds", type=float, default=10, help="how long each timed part runs")
    parser.add_argument("--json", metavar="FILE")
    arguments = parser.parse_args()
    for name in arguments.parts or PARTS:
        PARTS[name](os.path.abspath(arguments.hone), arguments.seconds)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(FIGURES, file, indent=1)


if __name__ == "__main__":
    main()
