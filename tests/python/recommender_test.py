"""One user: events, lists, reasons, state. tests/python/equality_test.py compares every byte with other builds."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
import sotto

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def watched(model: sotto.Model, *items: int) -> sotto.Recommender:
    recommender = sotto.Recommender(model)
    for place, item in enumerate(items):
        recommender.observe(str(1000 + item), START + timedelta(minutes=place))
    return recommender


def ids(recommendations: list[sotto.Recommendation]) -> list[str]:
    return [best.item.id for best in recommendations]


def code_of(failure: pytest.ExceptionInfo[sotto.SottoError]) -> str:
    return failure.value.code


def test_events_go_in_and_lists_come_out(model: sotto.Model) -> None:
    recommender = watched(model, 3, 6, 9)
    best = recommender.recommend(5, at=START)
    assert len(best) == 5
    assert [b.score for b in best] == sorted((b.score for b in best), reverse=True)
    assert best[0].item.title.startswith("Article ")
    assert recommender.events == 3
    assert [(event.item.id, event.at) for event in recommender.history()][0] == ("1003", START)
    assert ids(recommender.recommend(1000, at=START)) == ids(recommender.rank(model.item_ids, at=START))
    assert recommender.model is model


def test_scores_are_an_array_of_its_own(model: sotto.Model) -> None:
    recommender = watched(model, 1)
    scores = recommender.scores(at=START)
    assert scores.dtype == np.float64 and scores.shape == (41,)
    kept = scores.copy()
    again = recommender.scores(at=START)
    assert np.array_equal(scores, again)
    again[:] = 0
    recommender.observe("1002", START)
    assert np.array_equal(scores, kept)
    assert not np.array_equal(recommender.scores(at=START), kept)
    order = np.argsort(-kept, kind="stable")[:10]
    fresh = watched(model, 1)
    assert ids(fresh.recommend(10, at=START)) == [model.item_ids[place] for place in order]
    best = fresh.recommend(1, at=START)[0]
    assert best.score == kept[order[0]]
    del recommender, fresh
    assert np.array_equal(scores, kept)


def test_a_list_can_be_narrowed(model: sotto.Model) -> None:
    recommender = watched(model, 3, 6)
    every = ids(recommender.recommend(41, at=START))
    assert len(every) == 41
    assert ids(recommender.recommend(41, exclude=[every[0], "unknown"], at=START)) == every[1:]
    shelf = ids(recommender.recommend(41, categories=["shelf 1"], at=START))
    assert shelf == [item for item in every if int(item) % 4 == 1]
    assert ids(recommender.recommend(41, not_categories=["shelf 1"], at=START)) == [i for i in every if i not in shelf]
    assert ids(recommender.recommend(41, categories=["no such shelf"], at=START)) == []
    some = ["1005", "1017", "unknown"]
    assert ids(recommender.recommend(41, among=some, at=START)) == [i for i in every if i in some]
    mask = np.array([item in some for item in model.item_ids])
    assert ids(recommender.recommend(41, among=mask, at=START)) == [i for i in every if i in some]
    assert ids(recommender.recommend(41, among=some, not_categories=["shelf 1"], at=START)) == []
    assert ids(recommender.recommend(5, diversity=1, at=START)) != every[:5]
    assert len(model.popular(3)) == 3
    assert ids(model.popular(41, categories=["shelf 2"])) == ids(
        sotto.Recommender(model).recommend(41, categories=["shelf 2"], base=True, at=START)
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"k": 0}, "invalid_argument"),
        ({"diversity": 1.5}, "invalid_argument"),
        ({"diversity": float("nan")}, "invalid_argument"),
        ({"among": np.ones(3, dtype=bool)}, "wrong_shape"),
        ({"exclude": "1001"}, "invalid_argument"),
        ({"at": float("nan")}, "invalid_argument"),
        ({"at": np.datetime64("NaT")}, "invalid_argument"),
    ],
)
def test_what_cannot_be_meant_is_refused(model: sotto.Model, options: dict[str, Any], code: str) -> None:
    with pytest.raises(sotto.SottoError) as failure:
        sotto.Recommender(model).recommend(**options)
    assert code_of(failure) == code


def test_feedback_teaches_by_kind(model: sotto.Model) -> None:
    recommender = sotto.Recommender(model, weights={"purchase": 3, sotto.FeedbackKind.IMPRESSION: 0.5})
    recommender.feedback("1001", "purchase", at=START)
    recommender.feedback("1001", sotto.FeedbackKind.DWELL, 60, at=START)
    recommender.feedback("1002", "rating", 1, at=START)
    recommender.feedback("1003", "not_this", at=START)
    recommender.feedback("1004", "dismiss", at=START)
    assert recommender.events == 2
    assert [(hidden.item.id, hidden.until) for hidden in recommender.hidden()] == [
        ("1003", None),
        ("1004", START + timedelta(days=7)),
    ]
    assert "1003" not in ids(recommender.recommend(41, at=START))
    recommender.show("1003")
    assert "1003" in ids(recommender.recommend(41, at=START))
    record = recommender.learning_record()
    assert record.events == 2 and 0 < record.trust < 1 and 0 < record.base_probability < 1
    recommender.learning = False
    assert not recommender.learning
    assert np.array_equal(recommender.scores(at=START), recommender.scores(at=START, base=True))
    for call in (
        lambda: recommender.feedback("1001", "applause"),
        lambda: recommender.feedback("1001", "rating", float("inf")),
        lambda: sotto.Recommender(model, weights={"click": 11}),
    ):
        with pytest.raises(sotto.SottoError) as failure:
            call()
        assert code_of(failure) == "invalid_argument"
    with pytest.raises(sotto.SottoError, match="does not know the item '7'") as failure:
        recommender.observe("7")
    assert code_of(failure) == "unknown_item"
    assert recommender.events == 2


def test_past_events_are_recalled_from_arrays(model: sotto.Model) -> None:
    items = ["1003", "1006", "1009"]
    seconds = np.array([START.timestamp() + 60 * place for place in range(3)])
    states = []
    for times in (seconds, seconds.astype("datetime64[s]"), [START + timedelta(minutes=place) for place in range(3)]):
        recommender = sotto.Recommender(model)
        recommender.recall(np.array(items), times)
        states.append(recommender.export())
    assert states[0] == states[1] == states[2]
    with pytest.raises(sotto.SottoError) as failure:
        sotto.Recommender(model).recall(items, seconds[:2])
    assert code_of(failure) == "wrong_shape"


def test_reasons_add_up(model: sotto.Model) -> None:
    recommender = watched(model, 3, 6, 9)
    best = recommender.recommend(1, base=True, at=START)[0]
    reasons = recommender.why(best.item.id)
    assert {reason.item.id for reason in reasons} == {"1003", "1006", "1009"}
    assert [reason.contribution for reason in reasons] == sorted((r.contribution for r in reasons), reverse=True)
    for reason in reasons:
        assert reason.contribution == reason.network + reason.history + reason.counts


def test_a_state_is_stored_restored_and_merged(model: sotto.Model) -> None:
    recommender = watched(model, 3, 6, 9)
    state = recommender.export()
    restored = model.recommender(state)
    assert restored.export() == state
    assert np.array_equal(restored.scores(at=START), recommender.scores(at=START))
    other = watched(model, 20, 21)
    other_state = other.export()
    other.merge(state)
    restored.merge(other_state)
    assert other.export() == restored.export()
    recommender.forget()
    assert recommender.export() == sotto.Recommender(model).export()
    kept = restored.export()
    for broken in (b"", state[:50], state[:-1], b"\0" * len(state)):
        with pytest.raises(sotto.SottoError) as failure:
            restored.restore(broken)
        assert code_of(failure) in ("truncated", "malformed", "invalid_argument")
        assert restored.export() == kept
    recommender.set_context(["1001", "1002"], 0.9)
    assert ids(recommender.recommend(2, at=START)) != ids(sotto.Recommender(model).recommend(2, at=START))


def test_a_state_is_carried_over_to_a_later_model(model: sotto.Model, log_file: Any) -> None:
    later = sotto.train(log_file, progress=False, embedding_dim=4, hidden_dim=4, epochs=1)
    state = watched(model, 3, 6, 9).export()
    with pytest.raises(sotto.SottoError) as failure:
        later.recommender(state)
    assert code_of(failure) == "mismatch"
    recommender = sotto.Recommender(later)
    recommender.carry_over(state, model)
    assert [event.item.id for event in recommender.history()] == ["1003", "1006", "1009"]
    with pytest.raises(sotto.SottoError) as failure:
        recommender.carry_over(state, later)
    assert code_of(failure) == "mismatch"


def test_recommenders_of_one_model_run_side_by_side(model: sotto.Model) -> None:
    lists: list[list[str]] = []

    def use() -> None:
        for _ in range(20):
            lists.append(ids(watched(model, 1, 2, 3).recommend(10, at=START)))

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lists) == 60 and all(one == lists[0] for one in lists)


def test_a_sketch_changes_no_list(trained: Any) -> None:
    plain, sketched = sotto.load(trained), sotto.load(trained)
    sketched.sketch()
    assert ids(watched(plain, 1, 5).recommend(10, at=START)) == ids(watched(sketched, 1, 5).recommend(10, at=START))
