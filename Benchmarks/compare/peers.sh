#!/usr/bin/env bash
# Runs the peers, one process at a time, in an order that gives every problem its first seeds early. What is in the
# file already is skipped, so it may be stopped and started again at any time.
# Usage: peers.sh PYTHON [FILE]
set -u
cd "$(dirname "$0")"
python=${1:?the Python that has the peers}
out=${2:-results/peers.jsonl}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
mkdir -p "$(dirname "$out")"

compare() { "$python" compare.py run --out "$out" "$@"; }

compare --optimisers "random optuna-tpe optuna-gp" --seeds 2
compare --optimisers ax --seeds 1
compare --optimisers "random optuna-tpe optuna-gp" --seeds 5
compare --optimisers hebo --problems learning --seeds 1
compare --optimisers ax --seeds 3
compare --optimisers hebo --problems learning --seeds 3
long=hartmann6,ackley5,shekel4,styblinski_tang10,training_curve7,optimiser_tree,boosting_diabetes,mlp_diabetes,bbob_f8_10d,bbob_f15_10d
compare --optimisers "optuna-tpe optuna-gp" --problems "$long" --seeds 3 --budget 200
compare --optimisers "optuna-tpe optuna-gp" --problems "$long" --seeds 5 --budget 200
