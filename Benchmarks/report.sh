#!/usr/bin/env bash
# Writes results.md and the plots from the runs that the results folders hold. Usage: report.sh PYTHON
set -euo pipefail
cd "$(dirname "$0")"
python=${1:?the Python that has numpy, scipy and matplotlib}
shopt -s nullglob

section() { printf '\n## %s\n\n' "$1"; }
{
  echo "# Results"
  echo
  echo "Made by \`report.sh\` from the runs in the results folders; README.md says how they were made."
  runs=(compare/results/*.jsonl compare/results/*.jsonl.gz)
  if ((${#runs[@]})); then
    for budget in 60 200; do
      if [[ $(zcat -f "${runs[@]}" | grep -c "\"budget\":$budget,") != 0 ]]; then
        section "Comparison, $budget evaluations"
        "$python" compare/compare.py report "${runs[@]}" --budget "$budget" --plot "compare/results/ranks-$budget.svg"
        printf '\n![Mean ranks](compare/results/ranks-%s.svg)\n' "$budget"
      fi
    done
  fi
  runs=(DeAth/results/*.jsonl DeAth/results/*.jsonl.gz)
  if ((${#runs[@]})); then
    section "De Ath's ten problems"
    "$python" DeAth/report.py "${runs[@]}" --plot DeAth/results/regret.svg
    printf '\n![Regret](DeAth/results/regret.svg)\n'
  fi
  runs=(speed/results/*.jsonl speed/results/*.jsonl.gz)
  if ((${#runs[@]})); then
    section "Speed"
    "$python" speed/speed.py report "${runs[@]}" --plot speed/results/seconds.svg
    printf '\n![Seconds](speed/results/seconds.svg)\n'
  fi
  runs=(parallel/results/*.jsonl parallel/results/*.jsonl.gz)
  if ((${#runs[@]})); then
    section "Parallel workers"
    "$python" parallel/parallel.py report "${runs[@]}" --plot parallel/results/regret.svg
    printf '\n![Regret](parallel/results/regret.svg)\n'
  fi
} >results.md.new
mv results.md.new results.md
