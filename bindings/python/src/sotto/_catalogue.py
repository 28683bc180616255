"""The items of a model."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sotto import _native
from sotto._errors import SottoError

if TYPE_CHECKING:
    import numpy.typing as npt

_SEPARATOR = "|"
_MAX_DIVERSITY = 32768


@dataclass(frozen=True)
class Item:
    """An item of the model's catalogue."""

    id: str
    """The item's id in the log that the model was trained on."""
    title: str
    """The item's title; its id where the model has no title for it."""
    category: str | None = None
    """Its categories, separated by ``|``; None where the model has none for it."""
    price: float | None = None
    """Its price in the model's currency; None where unknown."""
    image: str | None = None
    """The address of its picture; None where the model has none for it."""


@dataclass(frozen=True)
class Recommendation:
    """An item that is recommended."""

    item: Item
    score: float
    """The logit. Scores are comparable within one list."""


class Catalogue:
    """The items by their places. Public functions take ids; the core takes places."""

    def __init__(self, file: bytes) -> None:
        columns = _native.catalogue(file)
        self.item_ids: list[str] = columns["item_ids"]
        self.currency: str = columns["currency"]
        self._titles: list[str] = columns["titles"]
        self._categories: list[str] = columns["categories"]
        self._images: list[str] = columns["images"]
        self._prices: list[float] = columns["prices"]
        self.place_of = {item_id: place for place, item_id in enumerate(self.item_ids)}
        self._by_category: dict[str, npt.NDArray[np.uint32]] | None = None

    def __len__(self) -> int:
        return len(self.item_ids)

    def at(self, place: int) -> Item:
        item_id = self.item_ids[place]
        price = self._prices[place] if self._prices else math.nan
        return Item(
            id=item_id,
            title=(self._titles[place] if self._titles else "") or item_id,
            category=(self._categories[place] if self._categories else "") or None,
            price=None if math.isnan(price) else price,
            image=(self._images[place] if self._images else "") or None,
        )

    def require(self, item_id: str) -> int:
        place = self.place_of.get(item_id)
        if place is None:
            raise SottoError("unknown_item", f"the model does not know the item {item_id!r}")
        return place

    def require_all(self, item_ids: Iterable[str]) -> npt.NDArray[np.uint32]:
        return np.fromiter((self.require(item_id) for item_id in item_ids), dtype=np.uint32)

    def known(self, item_ids: Iterable[str]) -> npt.NDArray[np.uint32]:
        places = (self.place_of.get(item_id) for item_id in item_ids)
        return np.unique(np.fromiter((place for place in places if place is not None), dtype=np.uint32))

    def in_categories(self, names: Iterable[str]) -> npt.NDArray[np.uint32]:
        if self._by_category is None:
            places: dict[str, list[int]] = {}
            for place, text in enumerate(self._categories):
                for name in dict.fromkeys(text.split(_SEPARATOR)):
                    if name:
                        places.setdefault(name, []).append(place)
            self._by_category = {name: np.array(items, dtype=np.uint32) for name, items in places.items()}
        found = [self._by_category[name] for name in names if name in self._by_category]
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint32)

    def allowed(
        self,
        categories: Iterable[str] | None,
        not_categories: Iterable[str],
        among: Iterable[str] | npt.NDArray[np.bool_] | None,
    ) -> npt.NDArray[np.uint8] | None:
        """Returns 1 for each item that may come, or None where all may."""
        without = self.in_categories(_texts("not_categories", not_categories))
        if categories is None and among is None and without.size == 0:
            return None
        allowed = np.ones(len(self), dtype=np.uint8)
        if categories is not None:
            _keep_only(self.in_categories(_texts("categories", categories)), allowed)
        if among is not None:
            if isinstance(among, np.ndarray) and among.dtype == np.bool_:
                if among.shape != (len(self),):
                    raise SottoError("wrong_shape", f"among has the shape {among.shape}, expected ({len(self)},)")
                allowed &= among.view(np.uint8)
            else:
                _keep_only(self.known(_texts("among", among)), allowed)
        allowed[without] = 0
        return allowed

    def excluded(self, item_ids: Iterable[str]) -> npt.NDArray[np.uint32]:
        return self.known(_texts("exclude", item_ids))

    def named(self, places: npt.NDArray[np.uint32], scores: npt.NDArray[np.float64]) -> list[Recommendation]:
        return [Recommendation(self.at(place), score) for place, score in zip(places.tolist(), scores.tolist())]


def _keep_only(places: npt.NDArray[np.uint32], allowed: npt.NDArray[np.uint8]) -> None:
    before = allowed[places]
    allowed[:] = 0
    allowed[places] = before


def _texts(argument: str, values: Iterable[Any]) -> Iterable[Any]:
    """One text is a mistake for a list of it: its letters would be taken for ids."""
    if isinstance(values, (str, bytes)):
        raise SottoError("invalid_argument", f"{argument} is the text {values!r}, expected a list of texts")
    return values


def require_count(k: int) -> int:
    if k < 1:
        raise SottoError("invalid_argument", f"k is {k}, expected at least 1")
    return min(k, 2**32 - 1)


def core_diversity(diversity: float) -> int:
    if not 0 <= diversity <= 1:
        raise SottoError("invalid_argument", f"diversity is {diversity}, expected a number from 0 to 1")
    return int(diversity * _MAX_DIVERSITY + 0.5)
