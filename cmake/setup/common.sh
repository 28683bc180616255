# shellcheck shell=bash
# How ./sotto talks and remembers: one line per step with its seconds, the output of a step only when it
# fails, and stamps so that what is done is not done again.

say() { printf '%s\n' "$*" >&2; }

# The one clear sentence at the end of whatever cannot be had.
fail() {
  say "sotto: $*"
  exit 1
}

# Sets PROCESSOR_SECONDS to those of all finished commands of this shell, user and system together.
measure_processor() {
  # A pipe would ask a subshell, which has no children yet. The second line is about children, such as "3m1.2s 0m0.1s".
  times >"$TOP/build/log/.times"
  PROCESSOR_SECONDS=$(awk 'NR == 2 { for (i = 1; i <= 2; ++i) { split($i, part, /[ms]/); total += 60 * part[1] + part[2] }
    printf "%.1f", total }' "$TOP/build/log/.times")
}

# step TITLE COMMAND... runs the command quietly, in a shell of its own that stops at the first error.
# A failure shows the output's end and where the rest is. build/log/steps.tsv keeps each step's title, its seconds and
# its processor seconds.
step() {
  local title=$1 log status=0 started=$SECONDS processor_before
  shift
  mkdir -p "$TOP/build/log"
  measure_processor
  processor_before=$PROCESSOR_SECONDS
  log=$TOP/build/log/${title//[^A-Za-z0-9]/-}.log
  printf '  %-58s' "$title" >&2
  # Not behind || or if: there Bash would ignore set -e inside the function called.
  set +e
  (set -e; "$@") </dev/null >"$log" 2>&1
  status=$?
  set -e
  if ((status != 0)); then
    say " failed after $((SECONDS - started)) s"
    tail -n 60 "$log" >&2
    fail "\"$title\" failed; its whole output is in ${log#"$TOP"/}."
  fi
  printf ' %5d s\n' $((SECONDS - started)) >&2
  measure_processor
  awk -v title="$title" -v wall=$((SECONDS - started)) -v before="$processor_before" -v after="$PROCESSOR_SECONDS" \
    'BEGIN { printf "%s\t%d\t%.1f\n", title, wall, after - before }' >>"$TOP/build/log/steps.tsv"
}

# A stamp holds the hash of everything that a step depends on.
hash_of() { sha256sum | cut -d' ' -f1; }

stamp_is_current() { # NAME HASH
  [[ -f $TOP/build/stamps/$1 && $(<"$TOP/build/stamps/$1") == "$2" ]]
}

write_stamp() { # NAME HASH
  mkdir -p "$TOP/build/stamps"
  printf '%s\n' "$2" >"$TOP/build/stamps/$1"
}

# version_at_least HAVE WANT
version_at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}
