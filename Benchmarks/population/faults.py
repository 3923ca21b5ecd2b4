#!/usr/bin/env python3
"""The toy of population-based training while workers vanish, parts fail and the server is killed again and again.

    Benchmarks/population/faults.py [--hone PATH] [--studies 100] [--share 0.05] [--seed N]

Each study is the toy of toy.py with two workers. One part of training in twenty is killed: its worker tells that it failed,
or takes it under a short lease and is never heard of again, or tells long after its lease has ended. All the while the
server is killed (SIGKILL) and started again on the same port. A part takes a tenth of a second (--part-seconds), a lost one
half a second until its lease ends: a member that is away much longer than parts take has no part in what the others do.
Leaves with 1 where anything of this does not hold:

- the population keeps its size: every member trains to its last step;
- no part is held by two workers at once, and no member has a part twice;
- a result is not taken from a worker whose part another one holds;
- the toy's gate stands: at least 95 of 100 runs reach 1.19;
- `hone db check` finds nothing.

Needs Python 3.10 and a built `hone`.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import random
import subprocess
import tempfile
import threading
import time

import toy
from service import Connection, HoneServer, executable

LEASE = 600.0
SHORT_LEASE = 0.5
WORKERS = 2
PART_SECONDS = 0.1


class Ledger:
    """What was handed out and told, and what should not have been."""

    def __init__(self):
        self.lock = threading.Lock()
        self.holders: dict[tuple, tuple] = {}  # (study, member) -> worker, trial, until when at least
        self.counts = dict.fromkeys(
            ["parts", "failed", "vanished", "late and taken", "late and refused", "server kills"], 0)
        self.violations: list[str] = []

    def violate(self, text: str) -> None:
        print(f"VIOLATION: {text}", flush=True)
        with self.lock:
            self.violations.append(text)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def asked(self, study: str, worker: str, trial: dict, until: float) -> None:
        key = (study, trial["resume"]["member"])
        with self.lock:
            other, _, held = self.holders.get(key, (worker, 0, 0.0))
            self.holders[key] = (worker, trial["number"], until)
        if other != worker and time.monotonic() < held:
            self.violate(f"{study}: member {key[1]} was handed to {worker} while {other} held it")

    def tells(self, study: str, worker: str, trial: dict) -> None:
        """From here on the member may be handed out again before the worker has its answer."""
        key = (study, trial["resume"]["member"])
        with self.lock:
            if self.holders.get(key, ("",))[0] == worker:
                del self.holders[key]

    def is_held(self, study: str, worker: str, trial: dict, at: float) -> bool:
        """Whether somebody else holds the very part until some time at least; what nobody holds is taken from anybody."""
        with self.lock:
            other, number, until = self.holders.get((study, trial["resume"]["member"]), (worker, 0, 0.0))
        return other != worker and number == trial["number"] and until > at


class Run:
    """One study and what its workers keep."""

    def __init__(self, port: int, name: str, seed: int, share: float, part_seconds: float, ledger: Ledger):
        self.port, self.name, self.seed, self.share, self.ledger = port, name, seed, share, ledger
        self.part_seconds = part_seconds
        self.states: dict[str, list[float]] = {}
        self.late: list[tuple] = []

    def result(self) -> float:
        connection = Connection(self.port)
        connection.good("POST", "/v1/studies", toy.study(self.name, self.seed, {}))
        threads = [threading.Thread(target=self.work, args=(f"w{i}",)) for i in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        trials = connection.pages(f"/v1/studies/{self.name}/trials", "trials")
        connection.close()
        return self.verified(trials)

    def verified(self, trials: list[dict]) -> float:
        last: dict[int, tuple] = {}
        parts: set[tuple] = set()
        for trial in trials:
            resume = trial["resume"]
            part = (resume["member"], resume["generation"])
            if part in parts:
                self.ledger.violate(f"{self.name}: member {part[0]} has its part {part[1]} twice")
            parts.add(part)
            if trial["state"] == "completed":
                last[part[0]] = (resume["step_to"], trial["metrics"]["q"])
        if sorted(last) != [0, 1] or any(step != toy.STEPS for step, _ in last.values()):
            self.ledger.violate(f"{self.name}: the members came to {last}")
        return max(q for _, q in last.values())

    def work(self, name: str) -> None:
        draw = random.Random(f"{self.seed} {name}")
        connection = Connection(self.port)
        while True:
            fate = draw.choice(["failed", "vanished", "late"]) if draw.random() < self.share else "told"
            # One that vanishes has a name of its own: under its old one it would be given the part again at once.
            is_lost = fate in ("vanished", "late")
            worker = f"{name}-{draw.getrandbits(64):x}" if is_lost else name
            lease = SHORT_LEASE if is_lost else LEASE
            sent = time.monotonic()
            answer = connection.good(
                "POST", f"/v1/studies/{self.name}/ask", {"worker": worker, "lease_seconds": lease})
            if not answer["trials"]:
                if answer.get("reason") == "tuner_finished":
                    break
                time.sleep(0.005)
                continue
            trial = answer["trials"][0]
            self.ledger.count("parts")
            # A repeated request may have been answered before; its lease began after it was first sent.
            self.ledger.asked(self.name, worker, trial, sent + lease)
            if is_lost:
                self.ledger.count("vanished")
                if fate == "late":
                    self.late.append((worker, trial, time.monotonic() + 2 * SHORT_LEASE))
                continue
            self.evaluate(connection, worker, trial, fate)
            self.tell_late(connection)
        connection.close()

    def body(self, trial: dict) -> dict:
        """Trains, and says what came of it: the same however often."""
        resume = trial["resume"]
        theta = self.states[resume["checkpoint"]] if "checkpoint" in resume else (0.9, 0.9)
        theta = toy.train(
            theta, [trial["parameters"][f"h{i}"] for i in range(2)], resume["step_to"] - resume["step_from"])
        checkpoint = f"memory:{trial['number']}-{trial['attempt']}"
        self.states[checkpoint] = theta
        return {
            "metrics": {"q": toy.quality(theta)}, "checkpoint": checkpoint, "step": resume["step_to"],
            "lease_token": trial["lease"]["token"]}

    def evaluate(self, connection: Connection, worker: str, trial: dict, fate: str) -> None:
        body = self.body(trial)
        time.sleep(self.part_seconds)
        if fate == "failed":
            self.ledger.count("failed")
            body = {"state": "failed", "reason": "killed", "lease_token": trial["lease"]["token"]}
        self.ledger.tells(self.name, worker, trial)
        status, answer = connection.send("POST", f"/v1/studies/{self.name}/trials/{trial['number']}/tell", body)
        if status != 200:
            self.ledger.violate(f"{self.name}: a tell of {worker} was answered with {status}: {answer}")

    def tell_late(self, connection: Connection) -> None:
        """Tells for those whose leases are long over."""
        while self.late and self.late[0][2] < time.monotonic():
            worker, trial, _ = self.late.pop(0)
            was_held = self.ledger.is_held(self.name, worker, trial, time.monotonic())
            status, answer = connection.send(
                "POST", f"/v1/studies/{self.name}/trials/{trial['number']}/tell", self.body(trial))
            if status == 200 and was_held and self.ledger.is_held(self.name, worker, trial, time.monotonic()):
                self.ledger.violate(f"{self.name}: trial {trial['number']} was taken from {worker}, which had lost it")
            elif status not in (200, 409):
                self.ledger.violate(f"{self.name}: a late tell was answered with {status}: {answer}")
            self.ledger.count("late and taken" if status == 200 else "late and refused")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hone", help="the executable; .build/release/hone where left out")
    parser.add_argument("--studies", type=int, default=100)
    parser.add_argument("--share", type=float, default=0.05, help="the share of parts that are killed")
    parser.add_argument("--part-seconds", type=float, default=PART_SECONDS, help="how long a part takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=16, help="how many studies run side by side")
    parser.add_argument("--kill-every", type=float, default=2.0, help="seconds between kills of the server, on average")
    parser.add_argument("--out", help="a file that the result is added to, a line of JSON")
    options = parser.parse_args()

    hone = executable(options.hone)
    ledger, values = Ledger(), []
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="hone-faults-") as folder:
        server = HoneServer(hone, folder).start()
        try:
            with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
                runs = [
                    pool.submit(
                        Run(
                            server.port, f"toy-{seed}", seed, options.share, options.part_seconds, ledger).result)
                    for seed in range(1, options.studies + 1)]
                while not all(run.done() for run in runs):
                    time.sleep(2 * options.kill_every * draw.random())
                    server.kill()
                    ledger.count("server kills")
                    server.start()
                values = [run.result() for run in runs]
        finally:
            server.stop()
        done = subprocess.run([hone, "db", "check", server.database], capture_output=True, text=True)
        if done.returncode != 0:
            ledger.violate(f"hone db check: {done.stdout}{done.stderr}")

    reach = sum(value >= 1.19 for value in values)
    result = {
        "studies": options.studies, "part, s": options.part_seconds, "reach 1.19": reach, **ledger.counts,
        "violations": len(ledger.violations)}
    print(json.dumps(result))
    if options.out:
        with open(options.out, "a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
    if reach < 0.95 * options.studies:
        print(f"NOT MET: {reach} of {options.studies} reach 1.19")
    raise SystemExit(0 if reach >= 0.95 * options.studies and not ledger.violations else 1)


if __name__ == "__main__":
    main()
