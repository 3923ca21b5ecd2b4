"""Ray Tune's population-based training of the same program; digits.py runs it with Ray's interpreter.

Ray's own defaults (quantile 0.25, resample 0.25, factors 0.8 and 1.2, one decision for each part), the same space, members,
parts and steps. Prints a line of JSON.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import uuid

from ray import init, tune
from ray.tune.schedulers import PopulationBasedTraining

SPACE = {
    "learning_rate": tune.loguniform(1e-4, 1), "momentum": tune.uniform(0, 0.99), "dropout": tune.uniform(0, 0.7),
    "weight_decay": tune.loguniform(1e-6, 0.1)}
BOUNDS = {"learning_rate": (1e-4, 1), "momentum": (0, 0.99), "dropout": (0, 0.7), "weight_decay": (1e-6, 0.1)}


class Member(tune.Trainable):
    def setup(self, config):
        self.steps, self.state = 0, None

    def step(self):
        work = self.config["work"]
        self.steps += work["interval"]
        out = f"{work['folder']}/ray-{uuid.uuid4().hex}"
        # Ray multiplies beyond the bounds of the space; the program takes no momentum of 1.
        values = {name: min(max(self.config[name], low), high) for name, (low, high) in BOUNDS.items()}
        options = [text for name, value in values.items() for text in (f"--{name.replace('_', '-')}", repr(value))]
        line = subprocess.run(
            [work["digits"], "--width", "64", "--depth", "2", "--repeats", "1", "--seed", str(work["seed"]),
             "--steps", str(self.steps), "--save", out, *(["--resume", self.state] if self.state else []), *options],
            capture_output=True, text=True, check=True).stdout
        loss = float(json.loads(line.split("hone: ")[1])["loss"])
        with open(f"{work['folder']}/ray.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps({"loss": loss, "state": out, "steps": self.steps}) + "\n")
        if os.path.exists(out):
            self.state = out
        return {"loss": loss, "done": self.steps >= work["steps"]}

    def save_checkpoint(self, folder):
        pathlib.Path(folder, "steps").write_text(str(self.steps))
        if self.state:
            shutil.copy(self.state, pathlib.Path(folder, "state"))
        return folder

    def load_checkpoint(self, folder):
        self.steps = int(pathlib.Path(folder, "steps").read_text())
        saved = pathlib.Path(folder, "state")
        self.state = None
        if saved.exists():
            self.state = f"{self.config['work']['folder']}/ray-{uuid.uuid4().hex}"
            shutil.copy(saved, self.state)

    def reset_config(self, config):
        self.config = config
        self.steps, self.state = 0, None
        return True


def main():
    parser = argparse.ArgumentParser()
    for name in ("digits", "folder"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("seed", "members", "interval", "steps", "parallel"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    init(num_cpus=options.parallel, include_dashboard=False, logging_level="error", log_to_driver=False)
    work = {
        "digits": options.digits, "folder": options.folder, "seed": options.seed, "interval": options.interval,
        "steps": options.steps}
    scheduler = PopulationBasedTraining(
        time_attr="training_iteration", perturbation_interval=1,
        hyperparam_mutations={name: value for name, value in SPACE.items()})
    tuner = tune.Tuner(
        Member, param_space={**SPACE, "work": work},
        tune_config=tune.TuneConfig(
            metric="loss", mode="min", scheduler=scheduler, num_samples=options.members, reuse_actors=True),
        run_config=tune.RunConfig(
            storage_path=f"{options.folder}/ray", verbose=0, stop={"training_iteration": options.steps // options.interval}))
    import random

    import numpy
    random.seed(options.seed)
    numpy.random.seed(options.seed)
    tuner.fit()
    lines = [json.loads(line) for line in open(f"{options.folder}/ray.jsonl", encoding="utf-8")]
    best = min((line for line in lines if line["loss"] == line["loss"]), key=lambda line: line["loss"])
    print(json.dumps({
        "loss": best["loss"], "state": best["state"], "state_steps": best["steps"],
        "steps": len(lines) * options.interval}))


if __name__ == "__main__":
    main()
