"""Takes an Optuna study to Hone, goes on with it there, and takes it back to Optuna.

What is checked: every trial is the same afterwards (state, parameters, distributions' values, values, intermediate
values), the best one too, Hone's own trials come after them, and Optuna goes on with the storage.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

import optuna
from optuna.trial import TrialState, create_trial

AWK = """BEGIN {
  x = ARGV[1]; n = ARGV[2]; k = ARGV[3]; m = ARGC > 4 ? ARGV[4] : 0
  print "hone: {\\"value\\": " (log(x) / log(10) + 3)^2 + (n - 5)^2 / 10 + (k - 0.5)^2 + m "}"
}"""


def objective(trial):
    x = trial.suggest_float("x", 1e-5, 1e-1, log=True)
    n = trial.suggest_int("n", 1, 8)
    k = trial.suggest_float("k", 0.0, 1.0, step=0.25)
    choice = trial.suggest_categorical("optimizer", ["sgd", "adam", None])
    momentum = trial.suggest_float("momentum", 0.0, 0.99) if choice == "sgd" else 0.0
    trial.suggest_int("width", 16, 1024, log=True)
    # A range that grows, as when a user edits the script between two runs.
    trial.suggest_int("depth", 1, 4 if trial.number < 50 else 6)
    loss = (math.log10(x) + 3) ** 2 + (n - 5) ** 2 / 10 + (k - 0.5) ** 2 + momentum
    for step in range(4):
        trial.report(loss + 1 / (step + 1) if trial.number % 50 != 7 else float("nan"), step)
        if loss > 2 and step == 2:
            raise optuna.TrialPruned()
    if trial.number % 40 == 11:
        raise ValueError("out of memory")
    if trial.number == 23:
        return float("inf")
    return loss


def open_storage(path):
    """A storage that does not wait for the disk."""
    import sqlalchemy

    storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
    sqlalchemy.event.listen(
        storage.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF")
    )
    storage.engine.dispose()
    return storage


def same(a, b):
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def compare(before, after):
    """Holds a trial against what has become of it."""
    name = f"trial {before.number}"
    check(before.number == after.number, f"{name} has become {after.number}")
    check(before.state == after.state, f"{name} was {before.state} and is {after.state}")
    check(before.params == after.params, f"{name} had {before.params} and has {after.params}")
    check(before.values == after.values, f"{name} had the values {before.values} and has {after.values}")
    steps = before.intermediate_values
    check(steps.keys() == after.intermediate_values.keys(), f"{name} has lost steps")
    for step, value in steps.items():
        check(same(value, after.intermediate_values[step]), f"{name} differs at step {step}")


def round_trip(hone, folder, count, further):
    def run(*arguments):
        done = subprocess.run([hone, *arguments], capture_output=True, text=True, timeout=600)
        check(done.returncode == 0, f"hone {' '.join(arguments[:3])}: {done.stderr}")
        return done.stdout

    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(objective, n_trials=count, catch=(ValueError,))
    source = os.path.join(folder, "source.db")
    stored = optuna.create_study(storage=open_storage(source), study_name="tuned", direction="minimize")
    stored.set_user_attr("team", "vision")
    stored.add_trials(study.trials)

    database = os.path.join(folder, "hone.db")
    plan = json.loads(run("import", "optuna", source, "--dry-run", "--json"))
    check(not os.path.exists(database), "--dry-run has written a database")
    check(plan["imported"] == count and not plan["refused"], f"not everything can be imported: {plan['refused'][:3]}")
    run("import", "optuna", source, "--tuner", "bayesian", "--db", database)
    run("db", "check", database)

    unchanged = os.path.join(folder, "unchanged.db")
    run("export", "tuned", "optuna", "--output", unchanged, "--db", database)
    again = optuna.load_study(study_name="tuned", storage=f"sqlite:///{unchanged}")
    check(len(again.trials) == count, "the number of trials has changed")
    for before, after in zip(study.trials, again.trials):
        compare(before, after)
    compare(study.best_trial, again.best_trial)
    check(again.user_attrs == {"team": "vision"}, f"the attributes have become {again.user_attrs}")

    run(
        "run", "tuned", "--max-trials", str(further), "--db", database, "--",
        "awk", AWK, "{x}", "{n}", "{k}", "{momentum}",
    )
    continued = os.path.join(folder, "continued.db")
    run("export", "tuned", "optuna", "--output", continued, "--db", database)
    again = optuna.load_study(study_name="tuned", storage=f"sqlite:///{continued}")
    check(len(again.trials) == count + further, "the number of trials is another than the sum")
    for before, after in zip(study.trials, again.trials):
        compare(before, after)
    new = again.trials[count:]
    check(all(trial.state == TrialState.COMPLETE for trial in new), "not all of Hone's trials are complete")
    best = min(trial.value for trial in again.trials if trial.state == TrialState.COMPLETE)
    check(again.best_value == best, "the best value is another")
    again.optimize(objective, n_trials=3, catch=(ValueError,))
    check(len(again.trials) == count + further + 3, "Optuna has not gone on")

    states = {state.name: sum(t.state == state for t in study.trials) for state in TrialState}
    return {
        "trials": count,
        "states": {name: number for name, number in states.items() if number},
        "best before": study.best_value,
        "best of Hone's": min(trial.value for trial in new),
        "conditions": [p["when"] for p in plan["definition"]["parameters"] if "when" in p],
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hone", help="the executable")
    parser.add_argument("--trials", type=int, default=1_000, help="how many trials Optuna makes")
    parser.add_argument("--further", type=int, default=20, help="how many trials Hone adds")
    options = parser.parse_args(arguments)
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(round_trip(options.hone, folder, options.trials, options.further), indent=2))


if __name__ == "__main__":
    sys.exit(main())
