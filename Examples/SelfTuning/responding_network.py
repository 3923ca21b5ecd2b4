"""A perceptron whose weights respond to its hyperparameters, with all of its derivatives, in NumPy.

A layer is y = s(Wx + b) + (Ue) * (Vx) + (U'e) * c, where e are the unbounded coordinates of the hyperparameters, other ones
for each example (MacKay et al. 2019, "Self-tuning networks"). Examples are rows.
"""

from __future__ import annotations

import numpy as np


class Layer:
    """One layer; `parameters` has its arrays and `gradients`, after `backward`, the slopes of the loss by them."""

    def __init__(self, inputs: int, outputs: int, hyperparameters: int, random: np.random.Generator) -> None:
        bound = 1 / np.sqrt(inputs)
        self.parameters = {
            "W": random.uniform(-bound, bound, (outputs, inputs)),
            "b": random.uniform(-bound, bound, outputs),
            "V": random.uniform(-bound, bound, (outputs, inputs)),
            "c": random.uniform(-bound, bound, outputs),
            "U": 0.01 * random.standard_normal((outputs, hyperparameters)),
            "U'": 0.01 * random.standard_normal((outputs, hyperparameters)),
            "s": np.ones(1),
        }
        self.gradients: dict[str, np.ndarray] = {}

    def forward(self, x: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
        p = self.parameters
        plain, response = x @ p["W"].T + p["b"], x @ p["V"].T
        gate, bias_gate = coordinates @ p["U"].T, coordinates @ p["U'"].T
        self._kept = (x, coordinates, plain, response, gate, bias_gate)
        return p["s"] * plain + gate * response + bias_gate * p["c"]

    def backward(self, delta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From the slope by the outputs to those by the inputs and by the coordinates of each example."""
        p = self.parameters
        x, coordinates, plain, response, gate, bias_gate = self._kept
        self.gradients = {
            "W": p["s"] * (delta.T @ x),
            "b": p["s"] * delta.sum(0),
            "V": (delta * gate).T @ x,
            "c": (delta * bias_gate).sum(0),
            "U": (delta * response).T @ coordinates,
            "U'": (delta * p["c"]).T @ coordinates,
            "s": np.array([(delta * plain).sum()]),
        }
        by_coordinates = (delta * response) @ p["U"] + (delta * p["c"]) @ p["U'"]
        return p["s"] * (delta @ p["W"]) + (delta * gate) @ p["V"], by_coordinates


class Network:
    """Layers with rectifiers between them, and before each of them a dropout."""

    def __init__(self, sizes: list[int], hyperparameters: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.layers = [Layer(m, n, hyperparameters, random) for m, n in zip(sizes, sizes[1:])]
        self._velocity: dict[tuple[int, str], np.ndarray] = {}

    def forward(self, x: np.ndarray, coordinates: np.ndarray, kept: list[np.ndarray] | None = None) -> np.ndarray:
        """The scores of the classes.

        Args:
            x: Examples, N x inputs.
            coordinates: Of each example, N x k.
            kept: For each layer what its inputs are multiplied by, N x inputs; nothing is dropped without.
        """
        self._masks: list[np.ndarray | float] = []
        for index, layer in enumerate(self.layers):
            mask = 1.0 if kept is None else kept[index]
            if index > 0:
                active = x > 0
                x, mask = x * active, mask * active
                x = x * (1.0 if kept is None else kept[index])
            elif kept is not None:
                x = x * mask
            self._masks.append(mask)
            x = layer.forward(x, coordinates)
        return x

    def backward(self, delta: np.ndarray) -> np.ndarray:
        """From the slope by the scores to that by the coordinates of each example, N x k; keeps the layers' gradients."""
        total = np.zeros(())
        for layer, mask in zip(reversed(self.layers), reversed(self._masks)):
            delta, by_coordinates = layer.backward(delta)
            delta = delta * mask
            total = total + by_coordinates
        return total

    def dropouts(self, rates: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
        """What to multiply inputs by, where each example has rates of its own, N x layers."""
        masks = []
        for index, layer in enumerate(self.layers):
            rate = rates[:, index : index + 1]
            inputs = layer.parameters["W"].shape[1]
            masks.append((random.random((len(rates), inputs)) >= rate) / (1 - rate))
        return masks

    def step(self, rate: float, momentum: float) -> None:
        """Moves all parameters against the gradients of the last `backward`."""
        for index, layer in enumerate(self.layers):
            for name, gradient in layer.gradients.items():
                velocity = momentum * self._velocity.get((index, name), 0.0) + gradient
                self._velocity[index, name] = velocity
                layer.parameters[name] = layer.parameters[name] - rate * velocity

    def state(self) -> dict[str, np.ndarray]:
        """All that it is, for `numpy.savez`."""
        arrays = {}
        for index, layer in enumerate(self.layers):
            for name, value in layer.parameters.items():
                arrays[f"{index} {name}"] = value
                arrays[f"{index} {name} velocity"] = self._velocity.get((index, name), np.zeros_like(value))
        return arrays

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Becomes what `state` told of another."""
        for index, layer in enumerate(self.layers):
            for name in layer.parameters:
                layer.parameters[name] = arrays[f"{index} {name}"]
                self._velocity[index, name] = arrays[f"{index} {name} velocity"]


def cross_entropy(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The loss of each example, and the slope of their mean by the scores."""
    shifted = scores - scores.max(1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(1, keepdims=True))
    rows = np.arange(len(labels))
    losses = (log_sum[:, 0]) - shifted[rows, labels]
    slope = np.exp(shifted - log_sum)
    slope[rows, labels] -= 1
    return losses, slope / len(labels)


def values(coordinates: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """What unbounded coordinates stand for, of floats on a linear scale."""
    return low + (high - low) / (1 + np.exp(-coordinates))
