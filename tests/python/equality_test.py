"""The same model and the same events give the same bytes as the reference kernels: tests/equality/README.md."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sotto

FOLDER = Path(os.environ["SOTTO_EQUALITY_DIR"])
SESSIONS = sorted(FOLDER.glob("*.sessions"))
KINDS = list(sotto.FeedbackKind)


class Reader:
    """Little-endian numbers, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def array(self, count: int) -> Any:
        values = np.frombuffer(self._data, dtype="<i4", count=count, offset=self._at)
        self._at += 4 * count
        return values

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def left(self) -> int:
        return len(self._data) - self._at


def test_there_are_sessions() -> None:
    assert len(SESSIONS) > 10


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: file.stem)
def test_every_session_gives_the_same_bytes(file: Path) -> None:
    sessions = Reader(file.read_bytes())
    magic, items, count, *weights = sessions.take("4s2I9f")
    assert magic == b"SEQ4"
    model = sotto.load(file.with_suffix(".safetensors"))
    assert len(model) == items
    ids = model.item_ids
    for session in range(count):
        recommender = sotto.Recommender(model, weights=dict(zip(KINDS, weights)))
        for _ in range(sessions.take("I")[0]):
            item, kind, amount, time = sessions.take("2Ifd")
            recommender.feedback(ids[item], KINDS[kind], amount, at=time)
        (now,) = sessions.take("d")
        for base in (True, False):
            scores = recommender.scores(at=now, base=base) * 65536
            assert np.array_equal(scores, sessions.array(items)), f"session {session}, base {base}"
        ranked = [best.item.id for best in recommender.recommend(10, diversity=0.5, at=now)]
        assert ranked == [ids[item] for item in sessions.array(sessions.take("I")[0])], f"session {session}"
        state = sessions.bytes(sessions.take("I")[0])
        assert recommender.export() == state, f"session {session}"
        assert sotto.Recommender(model, state).export() == state, f"session {session}"
    assert sessions.left() == 0
