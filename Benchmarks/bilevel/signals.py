#!/usr/bin/env python3
"""Twenty signals for the case `t1-3`: {"clean": [[…]], "noisy": [[…]]}, from a seed alone.

Usage: signals.py > signals.json
Recipe: Ehrhardt and Roberts 2021, "Inexact derivative-free optimization for bilevel learning", section 4.
"""

import json

import numpy as np

np.random.seed(0)
grid = np.linspace(-2, 2, 256)
clean = []
for _ in range(20):
    centre = np.random.uniform(-1.0, 1.0)
    radius = np.random.uniform(-0.5, -1.0)
    clean.append(((grid - centre) ** 2 < radius**2).astype(float))
noisy = [signal + 0.1 * np.random.randn(256) for signal in clean]
print(json.dumps({"clean": [list(s) for s in clean], "noisy": [list(s) for s in noisy]}))
