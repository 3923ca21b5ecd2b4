#!/bin/sh
# A whole training of the same program with the same parameters from first to last, for tuners that look for one point: it
# is measured as often as a member of a population, and its best state counts.
# usage: whole.sh INTERVAL STEPS STATE [option ...]; leaves its best state at STATE where that is not empty.
set -eu
interval=$1 steps=$2 state=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
step=0 best=
while [ "$step" -lt "$steps" ]; do
  HONE_CHECKPOINT_IN=
  [ "$step" = 0 ] || HONE_CHECKPOINT_IN=$folder/state
  step=$((step + interval))
  HONE_STEP_TO=$step HONE_CHECKPOINT_IN=$HONE_CHECKPOINT_IN HONE_CHECKPOINT_OUT=$folder/state \
    sh "$(dirname "$0")/part.sh" "$@" >"$folder/line" 2>/dev/null
  # A training that has diverged leaves no state and comes to nothing any more.
  better=$(awk -v best="$best" '/NaN|Infinity/ { print "end"; exit }
    { sub(/.*"loss": /, ""); sub(/,.*/, ""); if (best == "" || $0 + 0 < best + 0) print }' "$folder/line")
  [ "$better" != end ] || break
  if [ -n "$better" ]; then
    best=$better
    if [ -n "$state" ]; then cp "$folder/state" "$state"; fi
  fi
done
echo "hone: {\"loss\": ${best:-\"NaN\"}}"
