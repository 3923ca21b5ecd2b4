#!/usr/bin/env python3
"""Trains one perceptron on handwritten digits while a server of Hone tunes its three dropouts.

Needs hone-client, NumPy, and a server at HONE_SERVER with the study of study.json. Weights are kept in a folder, so that a
training that was stopped, here or on the side of the server, goes on where it was.
"""

from __future__ import annotations

import argparse
import pathlib
import time

import numpy as np
from hone_client import Client, NoTrialAvailableError
from responding_network import Network, cross_entropy, values

DIGITS = pathlib.Path(__file__).resolve().parent.parent / "DigitsPerceptron" / "Data" / "digits.csv"


class Digits:
    """Rows modulo 3 train, validate and test."""

    def __init__(self, training_rows: int | None) -> None:
        table = np.loadtxt(DIGITS, delimiter=",")
        x, labels = table[:, :-1] / 16, table[:, -1].astype(int)
        self.training, self.validation, self.test = ((x[k::3], labels[k::3]) for k in range(3))
        self.training = tuple(part[:training_rows] for part in self.training)


class Training:
    """A network, and turns of its training as the server asks for them."""

    def __init__(self, digits: Digits, space, arguments: argparse.Namespace) -> None:
        self.digits, self.options = digits, arguments
        self.low = np.array([parameter.low for parameter in space.values()])
        self.high = np.array([parameter.high for parameter in space.values()])
        self.network = Network([64, arguments.hidden, arguments.hidden, 10], len(self.low), arguments.seed)
        self.folder = arguments.folder
        self.folder.mkdir(exist_ok=True)
        self.at: int | None = None

    def load(self, trial: int | None) -> bool:
        """Takes up the weights after a trial; says whether they had to begin anew."""
        if trial is not None and trial == self.at:
            return False
        if trial is not None and (file := self.folder / f"{trial}.npz").exists():
            with np.load(file) as arrays:
                self.network.restore(dict(arrays))
            return False
        self.network = Network([64, self.options.hidden, self.options.hidden, 10], len(self.low), self.options.seed)
        return trial is not None

    def save(self, trial: int, before: int | None) -> None:
        """Keeps the weights after a trial, and those that it went on from: nobody knows yet which one counts."""
        passing = self.folder / "passing.npz"
        np.savez(passing, **self.network.state())
        passing.replace(self.folder / f"{trial}.npz")
        for file in self.folder.glob("[0-9]*.npz"):
            if int(file.stem) not in (trial, before):
                file.unlink()
        self.at = trial

    def turn(self, trial: int, request) -> dict:
        """Steps of the weights at perturbed coordinates, and how the validation loss responds."""
        reset = self.load(request.get("warm_from"))
        self.at = None
        centre, deviations = np.array(request["lambdas"]), np.array(request["sigmas"])
        random = np.random.default_rng([self.options.seed, trial])

        def perturbed(count: int) -> tuple[np.ndarray, np.ndarray]:
            noise = random.standard_normal((count, len(centre)))
            return centre + deviations * noise, noise

        for _ in range(request["train_steps"]):
            x, labels = self.batch(self.digits.training, self.options.batch, random)
            coordinates, _ = perturbed(len(x))
            dropouts = self.network.dropouts(values(coordinates, self.low, self.high), random)
            _, slope = cross_entropy(self.network.forward(x, coordinates, dropouts), labels)
            self.network.backward(slope)
            self.network.step(self.options.rate, self.options.momentum)
        by_centre, by_deviation = np.zeros_like(centre), np.zeros_like(centre)
        for _ in range(request["validation_steps"]):
            x, labels = self.batch(self.digits.validation, self.options.validation_batch, random)
            coordinates, noise = perturbed(len(x))
            _, slope = cross_entropy(self.network.forward(x, coordinates), labels)
            slopes = self.network.backward(slope)
            by_centre += slopes.sum(0)
            by_deviation += (slopes * noise).sum(0)
        self.save(trial, request.get("warm_from"))
        answer = {"g": self.loss(self.digits.validation, centre), "reset": reset}
        if request["validation_steps"] > 0:
            answer.update(z=by_centre.tolist(), z_sigma=by_deviation.tolist())
        return answer

    @staticmethod
    def batch(data, size: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        rows = random.choice(len(data[0]), min(size, len(data[0])), replace=False)
        return data[0][rows], data[1][rows]

    def loss(self, data, centre: np.ndarray) -> float:
        """The mean loss at the coordinates themselves, with nothing dropped."""
        coordinates = np.broadcast_to(centre, (len(data[0]), len(centre)))
        return float(cross_entropy(self.network.forward(data[0], coordinates), data[1])[0].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", default="digits-self-tuning")
    parser.add_argument("--rows", type=int, help="how many training rows, of 599")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--validation-batch", type=int, default=300)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, help="stop after so many, to go on later")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("weights"))
    arguments = parser.parse_args()
    digits = Digits(arguments.rows)
    with Client() as client:
        study = client.study(arguments.study)
        training = Training(digits, study.space, arguments)
        best, test, done, began = float("inf"), float("nan"), 0, time.monotonic()
        while arguments.turns is None or done < arguments.turns:
            try:
                trial = study.ask(worker=f"trainer-{arguments.seed}", wait=5)
            except NoTrialAvailableError as end:
                print(f"{end}")
                break
            answer = training.turn(trial.number, trial.request)
            if not np.isfinite([answer["g"], *answer.get("z", []), *answer.get("z_sigma", [])]).all():
                trial.tell(state="failed", reason="the loss is no number")
                continue
            trial.tell(oracle=answer)
            done += 1
            if answer["g"] < best:
                # The test rows judge the network that the validation rows have chosen, and choose nothing.
                best, test = answer["g"], training.loss(digits.test, np.array(trial.request["lambdas"]))
            if done % 250 == 0:
                dropouts = ", ".join(f"{value:.3f}" for value in trial.params.values())
                print(f"turn {done}: validation {answer['g']:.4f}, dropouts {dropouts}", flush=True)
        print(f"{done} turns in {time.monotonic() - began:.0f} s")
        print(f"least validation loss {best:.4f}, test loss at that moment {test:.4f}")


if __name__ == "__main__":
    main()
