# shellcheck shell=bash
# How ./sotto talks and remembers: one line per step with its seconds, the output of a step only when it
# fails, and stamps so that what is done is not done again.

say() { printf '%s\n' "$*" >&2; }

# The one clear sentence at the end of whatever cannot be had.
fail() {
  say "sotto: $*"
  exit 1
}

# step TITLE COMMAND... runs the command quietly, in a shell of its own that stops at the first error.
# A failure shows the output's end and where the rest is.
step() {
  local title=$1 log status=0 started=$SECONDS
  shift
  mkdir -p "$TOP/build/log"
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
