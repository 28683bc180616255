"""A model and one user."""

from __future__ import annotations

import enum
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from sotto import _native
from sotto._catalogue import Item, Recommendation, core_diversity, require_count
from sotto._errors import SottoError

if TYPE_CHECKING:
    import numpy.typing as npt

    from sotto._model import Model

Moment = Union[datetime, float, int, np.datetime64]
"""A datetime (without a zone: UTC), a numpy.datetime64, or seconds since 1970."""

_SCORE_ONE = 65536
_RELEARNED_AT_ONCE = 256


class FeedbackKind(str, enum.Enum):
    """What a user does with an item. docs/personal.md says what each kind teaches."""

    IMPRESSION = "impression"
    """The item was shown. What is not chosen by the next event counts against it, where its weight is not 0."""
    CLICK = "click"
    """The user chose or looked at the item: an event of the sequence."""
    DWELL = "dwell"
    """The user stayed with the item; the amount is seconds."""
    CART = "cart"
    """An event, or a stronger lesson where the item is the visit's latest event."""
    FAVOURITE = "favourite"
    """As CART."""
    PURCHASE = "purchase"
    """As CART."""
    RATING = "rating"
    """The amount is -1 (bad) to 1 (good); from 0 on an event."""
    DISMISS = "dismiss"
    """Not now: hides the item for a week."""
    NOT_THIS = "not_this"
    """Never again: hides the item until the user chooses it."""


_KINDS = {kind.value: place for place, kind in enumerate(FeedbackKind)}


@dataclass(frozen=True)
class PastEvent:
    """An event that is remembered."""

    item: Item
    at: datetime


@dataclass(frozen=True)
class HiddenItem:
    """An item that the user asked not to see."""

    item: Item
    until: datetime | None
    """The moment from which it may be seen again; None for never."""


@dataclass(frozen=True)
class Reason:
    """One of the user's events, and what it did for an item's score by the model alone. All parts are logits."""

    item: Item
    """The item of the event."""
    events_since: int
    """How many events came after it; 0 for the latest."""
    contribution: float
    """The score, less the score that the item would have without this event."""
    network: float
    """The part of the contribution that goes through the recurrent network."""
    history: float
    """The part through when and how often the user met the item before."""
    counts: float
    """The part through what other users chose next; the three add up to the contribution."""


@dataclass(frozen=True)
class LearningRecord:
    """How well learning has predicted the user so far, beside the model alone."""

    events: int
    """Events that were predicted."""
    trust: float
    """0 to 1: the probability that what was learned should count."""
    base_probability: float
    """The geometric mean of the events' probabilities by the model alone; 0 before the first event."""
    personal_probability: float
    """The same with what was learned."""


def _kind_of(kind: FeedbackKind | str) -> int:
    place = _KINDS.get(kind.value if isinstance(kind, FeedbackKind) else kind)
    if place is None:
        raise SottoError("invalid_argument", f"there is no kind of feedback {kind!r}; there are {', '.join(_KINDS)}")
    return place


def seconds_of(moment: Moment | None) -> float:
    if moment is None:
        return time.time()
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    if isinstance(moment, np.datetime64):
        return float(moment.astype("datetime64[ms]").astype(np.int64)) / 1000 if not np.isnat(moment) else math.nan
    return float(moment)


def _times_of(moments: Any) -> npt.NDArray[np.float64]:
    if isinstance(moments, np.ndarray):
        if moments.dtype.kind == "M":
            milliseconds = moments.astype("datetime64[ms]").astype(np.int64)
            return np.where(np.isnat(moments), np.nan, milliseconds / 1000)
        if moments.dtype.kind in "iuf":
            return np.ascontiguousarray(moments, dtype=np.float64)
    return np.array([seconds_of(moment) for moment in moments], dtype=np.float64)


def _datetime_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


class Recommender:
    """A model and one user: events go in, recommendations come out. The user's state takes 10 to 30 kB.

    Any number of recommenders share one model. A recommender belongs to one thread at a time: a call while another one
    is under way raises `SottoError` with the code ``"in_use"``. The interpreter's lock is released while the engine
    computes, so recommenders in several threads run side by side.

    Moments are a `datetime` (without a zone: UTC), a `numpy.datetime64` or seconds since 1970; without one it is now.
    To replay a log, give the moments: then the same events give the same bytes as in every other build of Sotto.

    Args:
        model: the model, from `sotto.train` or `sotto.load`.
        state: what `export` returned for this model file; None begins with a new user.
        weights: how much each kind of feedback teaches, 0 to 10. Without one it is 0 for an impression, 0.5 for a
            dismissal and a stay, 1 for everything else.
    """

    def __init__(
        self,
        model: Model,
        state: bytes | None = None,
        *,
        weights: Mapping[FeedbackKind | str, float] | None = None,
    ) -> None:
        self._model = model
        self._catalogue = model._catalogue
        self._user = _native.User(model._engine)
        for kind, weight in (weights or {}).items():
            self._user.set_weight(_kind_of(kind), weight)
        if state is not None:
            self.restore(state)

    @property
    def model(self) -> Model:
        """The model that recommends."""
        return self._model

    # Events

    def observe(self, item_id: str, at: Moment | None = None) -> None:
        """Takes in one event: the user viewed, bought or otherwise chose this item. It is learned from at once.

        Args:
            item_id: the item's id.
            at: an earlier moment than that of the latest event is raised to it.

        Raises:
            SottoError: ``unknown_item`` where the model does not know the item; nothing changes then.
        """
        self.feedback(item_id, FeedbackKind.CLICK, at=at)

    def feedback(
        self, item_id: str, kind: FeedbackKind | str, amount: float = 0.0, *, at: Moment | None = None
    ) -> None:
        """Takes in what the user did with an item.

        Args:
            item_id: the item's id.
            kind: a `FeedbackKind`, or its name such as ``"purchase"``.
            amount: seconds of a ``dwell``, -1 to 1 of a ``rating``; 0 for the other kinds.
            at: an earlier moment than that of the latest event is raised to it.

        Raises:
            SottoError: ``unknown_item`` or ``invalid_argument``; nothing changes then.
        """
        self._user.feedback(self._catalogue.require(item_id), _kind_of(kind), amount, seconds_of(at))

    def recall(self, item_ids: Iterable[str], at: Sequence[Moment] | npt.NDArray[Any]) -> None:
        """Takes in events from the time before this recommender, oldest first, without learning from them.

        Args:
            item_ids: the ids of the events' items, [count].
            at: their moments, [count]. An array of seconds as float64 is used as it is; other moments are converted.

        Raises:
            SottoError: ``unknown_item``, ``wrong_shape`` or ``invalid_argument``; nothing changes then.
        """
        self._user.recall(self._catalogue.require_all(item_ids), _times_of(at))

    def set_context(self, item_ids: Iterable[str], belief: float) -> None:
        """Says what is known of why the user came, before the user has chosen anything. It is not stored.

        Args:
            item_ids: the next choice is probably among these; none end the context. Unknown ids are left out.
            belief: 0 to 1: how probable that is at first.
        """
        self._user.set_context(self._catalogue.known(item_ids), belief)

    # What is known about the user

    def history(self) -> list[PastEvent]:
        """Returns the latest events, oldest first, at most 1,024."""
        items, times = self._user.history()
        return [PastEvent(self._catalogue.at(i), _datetime_of(t)) for i, t in zip(items.tolist(), times.tolist())]

    def hidden(self) -> list[HiddenItem]:
        """Returns the items that the user asked not to see, at most 512, in the order in which they were hidden."""
        items, until = self._user.hidden()
        return [
            HiddenItem(self._catalogue.at(i), _datetime_of(t) if math.isfinite(t) else None)
            for i, t in zip(items.tolist(), until.tolist())
        ]

    def show(self, item_id: str) -> None:
        """Shows a hidden item again."""
        self._user.show(self._catalogue.require(item_id))

    @property
    def events(self) -> int:
        """How many events the state has seen."""
        return int(self._user.describe()["events"])

    @property
    def learning(self) -> bool:
        """Whether events teach, and what was learned counts. Switched off, what was learned is kept."""
        return bool(self._user.describe()["learning"])

    @learning.setter
    def learning(self, on: bool) -> None:
        self._user.set_learning(on)

    def learning_record(self) -> LearningRecord:
        """Returns how well learning has predicted this user so far."""
        trust, base, personal, events = self._user.gate()
        if events == 0:
            return LearningRecord(0, trust, 0.0, 0.0)
        return LearningRecord(events, trust, math.exp(base / events), math.exp(personal / events))

    # Recommendations

    def scores(self, *, at: Moment | None = None, base: bool = False) -> npt.NDArray[np.float64]:
        """Returns the score of every item, in the order of `Model.item_ids`.

        Under a model of a binary head each item costs one step of the network: `rank` some items instead.

        Args:
            at: the moment of the question.
            base: True for the model's own scores; False with what was learned.

        Returns:
            Logits, float64 [items], in a new array that nothing else refers to. They are multiples of 1/65,536, and the
            same in every build.
        """
        return self._user.scores(seconds_of(at), base)

    def recommend(
        self,
        k: int = 10,
        *,
        exclude: Iterable[str] = (),
        categories: Iterable[str] | None = None,
        not_categories: Iterable[str] = (),
        among: Iterable[str] | npt.NDArray[np.bool_] | None = None,
        diversity: float = 0.0,
        base: bool = False,
        at: Moment | None = None,
    ) -> list[Recommendation]:
        """Returns the items that fit the user best, best first. Items that are hidden do not come.

        Args:
            k: at least 1; the list is shorter where fewer items may come.
            exclude: ids that must not come. Here and in `among`, ids that the model does not know are ignored.
            categories: an item comes that is in at least one of these.
            not_categories: an item does not come that is in any of these.
            among: ids that may come, or a mask of bool [items] in the order of `Model.item_ids`.
            diversity: 0 ranks by score alone; above it, up to 1, each next item is also unlike those before it.
            base: True for the model's own list; False with what was learned.
            at: the moment of the question.

        Raises:
            SottoError: ``invalid_argument`` or ``wrong_shape``.
        """
        places, scores = self._user.recommend(
            seconds_of(at),
            self._catalogue.excluded(exclude),
            self._catalogue.allowed(categories, not_categories, among),
            core_diversity(diversity),
            base,
            require_count(k),
        )
        return self._catalogue.named(places, scores)

    def rank(self, item_ids: Iterable[str], *, at: Moment | None = None) -> list[Recommendation]:
        """Returns these items, each once, best first; of equal scores in the model's order.

        Raises:
            SottoError: ``unknown_item`` where the model does not know one of them.
        """
        places = np.unique(self._catalogue.require_all(item_ids))
        scores = self._user.candidate_scores(seconds_of(at), places)
        order = np.argsort(-scores, kind="stable")
        return self._catalogue.named(places[order], scores[order])

    def why(self, item_id: str) -> list[Reason]:
        """Tells what the user's latest events, at most 50, did for an item's score; those that speak for it first.

        Each event is left out in turn and the others are observed again, apart from the user's state.

        Raises:
            SottoError: ``unknown_item`` where the model does not know the item.
        """
        return [
            Reason(
                item=self._catalogue.at(item),
                events_since=age,
                contribution=logit / _SCORE_ONE,
                network=(logit - history - counts) / _SCORE_ONE,
                history=history / _SCORE_ONE,
                counts=counts / _SCORE_ONE,
            )
            for item, age, logit, history, counts in self._user.why(self._catalogue.require(item_id))
        ]

    # State

    def export(self) -> bytes:
        """Returns the user's state for a store: the same bytes that every other build of Sotto exports."""
        return self._user.export_state()

    def restore(self, state: bytes) -> None:
        """Replaces the user's state by a stored one of the same model file.

        Raises:
            SottoError: ``mismatch``, ``truncated``, ``malformed`` …; the state then stays as it was.
        """
        self._user.import_state(bytes(state))

    def merge(self, state: bytes) -> None:
        """Adds what the same user did elsewhere with the same model: events count once, what was learned is a mean."""
        self._user.merge_state(bytes(state))

    def carry_over(self, state: bytes, earlier: Model) -> None:
        """Replaces the user's state by one of an earlier version of the model, and learns again from its events.

        Args:
            state: a state of `earlier`. Items that this version does not have are left out.
            earlier: the model that the state is of.

        Raises:
            SottoError: ``mismatch`` where the models have no item in common or the state is of another one.
        """
        _native.User(earlier._engine).import_state(bytes(state))  # it is of that model, and sound
        place_of = self._catalogue.place_of
        pairs = [(i, place_of[item]) for i, item in enumerate(earlier.item_ids) if item in place_of]
        if not pairs:
            raise SottoError("mismatch", "both models have no item in common: start with a new user")
        self._user.carry_over(bytes(state), np.array(pairs, dtype=np.uint32))
        while self._user.relearn(_RELEARNED_AT_ONCE) > 0:
            pass

    def forget(self) -> None:
        """Forgets the user and all that was learned; learning is on again. What was stored elsewhere stays there."""
        self._user.reset()
