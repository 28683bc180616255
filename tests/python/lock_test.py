"""The interpreter's lock is released while the core works, so other threads of Python run meanwhile.

No times are compared. With a switch interval that never ends, a thread gets the lock only where the one that has it
releases it by itself. The calls here go to the core directly, so nothing but the core can release it: where another thread
takes a step during such a call, the core released the lock. Where the core held it, no number of calls would let the thread
step.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sotto
from conftest import QUICK
from sotto import _native

NEVER_S = 1e6  # as a switch interval
TRIES_S = 15  # of the processor; only a core that holds the lock takes that long


class Steps:
    """A thread that takes a step whenever it gets the interpreter's lock, and gives it back at once."""

    def __init__(self, step: Callable[[], object] = lambda: None) -> None:
        self.taken = 0
        self._step = step
        self._ends = False
        self._thread = threading.Thread(target=self._run)
        self._interval = sys.getswitchinterval()

    def _run(self) -> None:
        while not self._ends:
            self._step()
            self.taken += 1
            time.sleep(0)

    def __enter__(self) -> Steps:
        sys.setswitchinterval(NEVER_S)
        self._thread.start()
        # After this step the thread knows of the new interval.
        begin = self.taken
        while self.taken < begin + 2:
            time.sleep(0.001)
        return self

    def __exit__(self, *failure: object) -> None:
        self._ends = True
        self._thread.join()
        sys.setswitchinterval(self._interval)


def reached(enough: Callable[[], bool], call: Callable[[], object]) -> bool:
    """Calls until there is enough: a short call may be over before the other thread has woken up."""
    end = time.process_time() + TRIES_S
    while not enough() and time.process_time() < end:
        call()
    return enough()


def tell(kind: str, text: str) -> None:
    pass


@pytest.fixture(scope="module")
def large() -> sotto.Model:
    """Its calls take long enough for another thread to wake up."""
    chance = np.random.default_rng(5)
    events = 20_000
    log = {
        "user_id": chance.integers(0, 2_000, events),
        "item_id": chance.permutation(np.arange(events) % 10_000),
        "timestamp": np.arange(events) + 1_700_000_000,
    }
    return sotto.train(log, progress=False, embedding_dim=16, hidden_dim=16, epochs=1, split="none")


@pytest.fixture(scope="module")
def user(large: sotto.Model) -> _native.User:
    user = _native.User(large._engine)
    for place in range(20):
        user.feedback(place, 1, 0, 1_700_000_000 + place)
    return user


NOW = 1_800_000_000
NONE = np.empty(0, dtype=np.uint32)
SOME = np.arange(500, dtype=np.uint32)

OF_MODELS: dict[str, Callable[[sotto.Model], object]] = {
    "describe": lambda model: _native.describe(model.to_bytes()),
    "catalogue": lambda model: _native.catalogue(model.to_bytes()),
    "open_engine": lambda model: _native.open_engine(model.to_bytes()),
    "popular": lambda model: model._engine.popular(NONE, None, 0, 10),
}
OF_USERS: dict[str, Callable[[_native.User], object]] = {
    "scores": lambda user: user.scores(NOW, False),
    "candidate_scores": lambda user: user.candidate_scores(NOW, SOME),
    "recommend": lambda user: user.recommend(NOW, NONE, None, 0, False, 10),
    "why": lambda user: user.why(5),
    "feedback": lambda user: user.feedback(7, 1, 0, NOW),
    "recall": lambda user: user.recall(SOME, np.full(500, float(NOW))),
}


@pytest.mark.parametrize("name", OF_MODELS)
def test_another_thread_runs_while_a_model_works(name: str, large: sotto.Model) -> None:
    with Steps() as steps:
        before = steps.taken
        assert reached(lambda: steps.taken > before, lambda: OF_MODELS[name](large))


@pytest.mark.parametrize("name", OF_USERS)
def test_another_thread_runs_while_the_core_recommends(name: str, user: _native.User) -> None:
    with Steps() as steps:
        before = steps.taken
        assert reached(lambda: steps.taken > before, lambda: OF_USERS[name](user))


def test_another_thread_runs_while_a_state_is_read(user: _native.User) -> None:
    state = user.export_state()
    for take in (user.import_state, user.merge_state):
        with Steps() as steps:
            before = steps.taken
            assert reached(lambda: steps.taken > before, lambda: take(state))


def test_another_thread_runs_while_a_model_is_found_and_saved(large: sotto.Model, trained: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "copy.safetensors")
    for call in (
        lambda: _native.find_original(str(trained), ""),
        lambda: _native.save_pair(large.to_bytes(), b"", file, False),
    ):
        with Steps() as steps:
            before = steps.taken
            assert reached(lambda: steps.taken > before, call)


def test_another_thread_runs_while_the_core_trains(log_file: Path) -> None:
    seen: list[int] = []
    with Steps() as steps:
        sotto.train(
            log_file, progress=False, callback=lambda _: seen.append(steps.taken), **{**QUICK, "epochs": 20, "patience": 20}
        )
    # The thread ran between one epoch and another, when the log had long been read.
    assert seen[-1] > seen[0]


def test_another_thread_runs_while_the_core_evaluates(log_file: Path, trained: Path) -> None:
    file, original = trained.read_bytes(), trained.with_suffix(".float.safetensors").read_bytes()
    words = ["--model=shop", f"--interactions={log_file}"]
    with Steps() as steps:
        before = steps.taken
        assert reached(lambda: steps.taken > before, lambda: _native.evaluate(file, original, "", words, None, tell))


def test_a_call_that_holds_the_lock_lets_no_other_thread_run(user: _native.User) -> None:
    """So the tests above tell one from the other."""
    with Steps() as steps:
        before = steps.taken
        for _ in range(10_000):
            user.history()
        assert steps.taken == before


def test_a_recommender_that_computes_is_in_use(large: sotto.Model) -> None:
    shared = sotto.Recommender(large)
    codes: set[str] = set()

    def look() -> None:
        try:
            shared.history()
        except sotto.SottoError as refusal:
            codes.add(refusal.code)

    with Steps(look):
        assert reached(lambda: bool(codes), lambda: shared.scores(at=NOW))
    assert codes == {"in_use"}
    assert shared.history() == []
