"""Optimisers behind one interface: ask for points, tell their values.

Every peer runs with the defaults that its newest interface gives to a new user, seeded, on one thread.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import pathlib
import subprocess
import time
import warnings
from typing import Any

import numpy as np

from problems import Problem
from space import Categorical, Float, Int, active, is_active, sample

Point = dict[str, Any]
ROOT = pathlib.Path(__file__).resolve().parents[2]


class Optimiser:
    """Asks and tells of one run; `tell` takes the handle that `ask` gave."""

    def __init__(self, problem: Problem, seed: int):
        self.parameters = problem.parameters
        self.seed = seed

    def ask(self) -> tuple[Any, Point]:
        raise NotImplementedError

    def tell(self, handle: Any, point: Point, value: float) -> None:
        raise NotImplementedError

    def add(self, points: list[Point], values: list[float]) -> None:
        """Takes in results that were not asked for."""
        raise NotImplementedError

    def processor_time(self) -> float:
        """Processor seconds that the optimiser's process has used: what a crowded machine does not change much."""
        return time.process_time()

    def close(self) -> None:
        pass

    @classmethod
    def version(cls) -> str:
        raise NotImplementedError


class Random(Optimiser):
    """Independent uniform points."""

    def __init__(self, problem: Problem, seed: int):
        super().__init__(problem, seed)
        self.random = np.random.default_rng(seed)

    def ask(self):
        return None, sample(self.parameters, self.random)

    def tell(self, handle, point, value):
        pass

    def add(self, points, values):
        pass

    @classmethod
    def version(cls):
        return "numpy " + importlib.metadata.version("numpy")


class OptunaBase(Optimiser):
    """Optuna's ask-and-tell interface."""

    def __init__(self, problem: Problem, seed: int):
        super().__init__(problem, seed)
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
        self.study = optuna.create_study(direction="minimize", sampler=self.sampler())

    def sampler(self):
        raise NotImplementedError

    def ask(self):
        trial = self.study.ask()
        point: Point = {}
        for parameter in self.parameters:
            if not is_active(parameter, point):
                continue
            name = parameter.name
            if isinstance(parameter, Float):
                point[name] = trial.suggest_float(name, parameter.low, parameter.high, log=parameter.log)
            elif isinstance(parameter, Int):
                point[name] = trial.suggest_int(name, parameter.low, parameter.high, log=parameter.log)
            else:
                point[name] = trial.suggest_categorical(name, list(parameter.choices))
        return trial, point

    def tell(self, handle, point, value):
        self.study.tell(handle, value)

    def add(self, points, values):
        import optuna

        distributions = {}
        for parameter in self.parameters:
            if isinstance(parameter, Categorical):
                distribution = optuna.distributions.CategoricalDistribution(list(parameter.choices))
            elif isinstance(parameter, Int):
                distribution = optuna.distributions.IntDistribution(parameter.low, parameter.high, log=parameter.log)
            else:
                distribution = optuna.distributions.FloatDistribution(parameter.low, parameter.high, log=parameter.log)
            distributions[parameter.name] = distribution
        for point, value in zip(points, values):
            self.study.add_trial(
                optuna.trial.create_trial(
                    params=point, distributions={name: distributions[name] for name in point}, value=value
                )
            )

    @classmethod
    def version(cls):
        return "optuna " + importlib.metadata.version("optuna")


class OptunaGP(OptunaBase):
    def sampler(self):
        import optuna

        return optuna.samplers.GPSampler(seed=self.seed)


class OptunaTPE(OptunaBase):
    def sampler(self):
        import optuna

        return optuna.samplers.TPESampler(seed=self.seed)


class Ax(Optimiser):
    """Ax's `Client` with the generation strategy that it chooses by itself."""

    def __init__(self, problem: Problem, seed: int):
        super().__init__(problem, seed)
        warnings.filterwarnings("ignore")
        from ax.api.client import Client
        from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
        from ax.utils.common.logger import set_ax_logger_levels

        set_ax_logger_levels(logging.ERROR)
        # Ax takes trees of conditions only: a parameter that two values of its parent call for is refused. Of such a
        # space all parameters are active always, and the objective ignores those that do not apply.
        tree = all(len(values) == 1 for parameter in self.parameters for values in (parameter.when or {}).values())
        parents = {name for parameter in self.parameters for name in (parameter.when or {})} if tree else set()
        configurations = []
        for parameter in self.parameters:
            name = parameter.name
            if name in parents:
                integral = isinstance(parameter, Int)
                values = list(range(parameter.low, parameter.high + 1)) if integral else list(parameter.choices)
                configurations.append(
                    ChoiceParameterConfig(
                        name=name,
                        values=values,
                        parameter_type="int" if integral else "str",
                        is_ordered=integral,
                        dependent_parameters={
                            value: [p.name for p in self.parameters if value in (p.when or {}).get(name, ())]
                            for value in values
                            if any(value in (p.when or {}).get(name, ()) for p in self.parameters)
                        },
                    )
                )
            elif isinstance(parameter, Categorical):
                configurations.append(
                    ChoiceParameterConfig(
                        name=name, values=list(parameter.choices), parameter_type="str", is_ordered=False
                    )
                )
            else:
                configurations.append(
                    RangeParameterConfig(
                        name=name,
                        bounds=(parameter.low, parameter.high),
                        parameter_type="int" if isinstance(parameter, Int) else "float",
                        scaling="log" if parameter.log else "linear",
                    )
                )
        self.client = Client(random_seed=seed)
        self.client.configure_experiment(parameters=configurations)
        self.client.configure_optimization(objective="-y")

    def ask(self):
        ((index, values),) = self.client.get_next_trials(max_trials=1).items()
        return index, active(self.parameters, values)

    def tell(self, handle, point, value):
        self.client.complete_trial(trial_index=handle, raw_data={"y": value})

    @classmethod
    def version(cls):
        return f"ax {importlib.metadata.version('ax-platform')}, botorch {importlib.metadata.version('botorch')}"


class HEBO(Optimiser):
    """HEBO; it knows no conditions, so inactive parameters are part of its space and ignored by the objective."""

    def __init__(self, problem: Problem, seed: int):
        super().__init__(problem, seed)
        warnings.filterwarnings("ignore")
        import torch
        from hebo.design_space.design_space import DesignSpace
        from hebo.optimizers.hebo import HEBO as Engine

        np.random.seed(seed)
        torch.manual_seed(seed)
        entries = []
        for parameter in self.parameters:
            if isinstance(parameter, Categorical):
                entries.append({"name": parameter.name, "type": "cat", "categories": list(parameter.choices)})
            else:
                kind = ("pow_int" if parameter.log else "int") if isinstance(parameter, Int) else (
                    "pow" if parameter.log else "num"
                )
                entries.append({"name": parameter.name, "type": kind, "lb": parameter.low, "ub": parameter.high})
                if kind == "pow":
                    entries[-1]["base"] = 10
        self.engine = Engine(DesignSpace().parse(entries), scramble_seed=seed)

    def ask(self):
        frame = self.engine.suggest(n_suggestions=1)
        return frame, active(self.parameters, {name: frame[name].iloc[0] for name in frame.columns})

    def tell(self, handle, point, value):
        self.engine.observe_new_data(handle, np.array([[value]]))

    @classmethod
    def version(cls):
        return "hebo " + importlib.metadata.version("HEBO")


class Hone(Optimiser):
    """Hone's engine through `hone-optimizer`, which says nothing to it but the parameters and the goal."""

    options: dict[str, Any] = {}
    binary = os.environ.get("HONE_OPTIMIZER", str(ROOT / "Benchmarks/.build/release/hone-optimizer"))

    def __init__(self, problem: Problem, seed: int):
        super().__init__(problem, seed)
        self.process = subprocess.Popen(
            [self.binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.exchange({"new": hone_definition(problem, self.options), "seed": seed})

    def exchange(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the optimiser stopped"}
        if "error" in answer:
            raise RuntimeError(answer["error"])
        self.used = answer["processor_seconds"]
        return answer

    def processor_time(self):
        return self.used

    def ask(self):
        trial = self.exchange({"ask": 1})["trials"][0]
        return trial["number"], active(self.parameters, trial["parameters"])

    def tell(self, handle, point, value):
        self.exchange({"tell": {"number": handle, "metrics": {"y": value}}})

    def add(self, points, values):
        results = [{"parameters": point, "metrics": {"y": value}} for point, value in zip(points, values)]
        self.exchange({"tell": results})

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    @classmethod
    def version(cls):
        if "HONE_VERSION" in os.environ:
            return "hone " + os.environ["HONE_VERSION"]
        described = subprocess.run(
            ["git", "-C", str(ROOT), "log", "-1", "--format=%h", "--", "Sources"], capture_output=True, text=True
        )
        return "hone " + described.stdout.strip()


def hone_definition(problem: Problem, options: dict[str, Any]) -> dict[str, Any]:
    """A study of Hone's; `noise` and `max_trials` among the options are the study's, the rest the tuner's."""
    parameters = []
    for parameter in problem.parameters:
        entry: dict[str, Any] = {"name": parameter.name}
        if isinstance(parameter, Categorical):
            entry |= {"type": "categorical", "choices": list(parameter.choices)}
        else:
            kind = "int" if isinstance(parameter, Int) else "float"
            entry |= {"type": kind, "low": parameter.low, "high": parameter.high}
            if parameter.log:
                entry["log"] = True
        if parameter.when:
            entry["when"] = {name: list(values) for name, values in parameter.when.items()}
        parameters.append(entry)
    definition: dict[str, Any] = {
        "name": problem.name,
        "parameters": parameters,
        "objectives": [{"metric": "y", "goal": "minimize"}],
    }
    options = dict(options)
    if "noise" in options:
        definition["noise"] = options.pop("noise")
    if "max_trials" in options:
        definition["budget"] = {"max_trials": options.pop("max_trials")}
    if options:
        definition["tuner"] = options
    return definition


PEERS: dict[str, type[Optimiser]] = {
    "optuna-gp": OptunaGP,
    "optuna-tpe": OptunaTPE,
    "ax": Ax,
    "hebo": HEBO,
    "random": Random,
    "hone": Hone,
}


def optimiser_type(label: str) -> type[Optimiser]:
    """The optimiser of a label: `hone@tag:initial_trials=8,noise=none` is Hone with options, told apart by a tag."""
    name, _, settings = label.partition(":")
    kind = PEERS[name.split("@")[0]]
    if not settings:
        return kind
    options: dict[str, Any] = {}
    for item in settings.split(","):
        name, _, text = item.partition("=")
        try:
            options[name] = json.loads(text)
        except json.JSONDecodeError:
            options[name] = text
    return type("HoneVariant", (kind,), {"options": options})
