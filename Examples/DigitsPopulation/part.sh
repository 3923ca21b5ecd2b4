#!/bin/sh
# One part of a member's training, as `hone run` starts it: from the state at $HONE_CHECKPOINT_IN, where there is one, to
# $HONE_STEP_TO steps, leaving a state at $HONE_CHECKPOINT_OUT. Arguments are options of the program.
# DIGITS names the program; .build/release/DigitsPerceptron where it is not set.
set -eu
exec "${DIGITS:-.build/release/DigitsPerceptron}" --width 64 --depth 2 --repeats 1 --steps "$HONE_STEP_TO" \
  ${HONE_CHECKPOINT_IN:+--resume "$HONE_CHECKPOINT_IN"} --save "$HONE_CHECKPOINT_OUT" "$@"
