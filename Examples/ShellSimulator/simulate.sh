#!/bin/sh
# A shop that orders LOT pieces whenever it has at most POINT left, with random demand and random delivery times.
# Usage: simulate.sh POINT LOT [RUNS] [SEED]
# Prints the mean daily cost over RUNS runs of 400 days, with its standard error, for `hone run`.
point=$1 lot=$2 runs=${3:-20} seed=${4:-1}
awk -v point="$point" -v lot="$lot" -v runs="$runs" -v seed="$seed" '
  function demand() { return int(-12 * log(1 - rand())) }
  BEGIN {
    srand(seed)
    for (run = 1; run <= runs; run++) {
      stock = point + lot; coming = 0; arrives = 0; cost = 0
      for (day = 1; day <= 400; day++) {
        if (coming > 0 && day >= arrives) { stock += coming; coming = 0 }
        wanted = demand()
        sold = wanted < stock ? wanted : stock
        stock -= sold
        cost += 5 * (wanted - sold) + 0.1 * stock          # lost customers, and what lies in the store
        if (coming == 0 && stock <= point) { coming = lot; arrives = day + 2 + int(6 * rand()); cost += 60 }
      }
      mean += cost / 400; square += (cost / 400) ^ 2
    }
    mean /= runs
    printf "hone: {\"cost\": %.6f, \"standard_errors\": {\"cost\": %.6f}}\n", mean,
      sqrt((square / runs - mean ^ 2) / (runs - 1))
  }'
