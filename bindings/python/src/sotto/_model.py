"""A trained model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sotto import _native
from sotto._catalogue import Catalogue, Item, Recommendation, core_diversity, require_count
from sotto._errors import SottoError
from sotto._evaluation import Evaluation
from sotto._frames import log_input
from sotto._options import EVALUATE_OPTIONS, check_names, words_of
from sotto._progress import Progress

if TYPE_CHECKING:
    import numpy.typing as npt
    from typing_extensions import Unpack

    from sotto._options import EvaluateOptions, PathLike
    from sotto._recommender import FeedbackKind, Recommender

_TIERS = ("reference", "avx2", "avx512-vnni", "simd128", "relaxed-simd")  # sotto_tier, in the order of its numbers
_NOT_FROM_A_FILE = "the model was opened from bytes without its float model"


class Model:
    """A fixed-point model, and the float model that it was made from where that is at hand.

    `sotto.train` and `sotto.load` make it. It is immutable; any number of recommenders and threads share it.
    """

    def __init__(
        self, file: bytes, original: bytes = b"", *, name: str = "model", absence: str = "", original_name: str = ""
    ) -> None:
        self._file = file
        self._original = original
        self._name = name
        self._original_name = original_name
        self._absence = absence or _NOT_FROM_A_FILE
        self._info: dict[str, Any] = json.loads(_native.describe(file))
        if self._info["kind"] != "fixed":
            raise SottoError(
                "wrong_type", "this is a float model, and only fixed-point models run: name the other file of the pair"
            )
        self.report: dict[str, Any] | None = None
        """What `sotto train --json` prints, of a model that was trained here; None of a loaded one."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (self._file, self._original, self._name, self._absence, self._original_name, self.report))

    def __repr__(self) -> str:
        return f"<sotto.Model {self.fingerprint}: {len(self)} items>"

    def __len__(self) -> int:
        """How many items the catalogue has."""
        return int(self._info["architecture"]["items"])

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self._file)

    @cached_property
    def _engine(self) -> _native.Engine:
        return _native.open_engine(self._file)

    @property
    def info(self) -> dict[str, Any]:
        """What `sotto inspect --json` prints: architecture, training log, licence, tensors."""
        return self._info

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that name the file; states of other files are refused."""
        return str(self._info["fingerprint"])

    @property
    def item_ids(self) -> Sequence[str]:
        """The ids of the catalogue. The arrays that recommenders return are in this order."""
        return self._catalogue.item_ids

    @property
    def tier(self) -> str:
        """The instructions that the engine uses here, such as ``avx2``. All tiers give the same results."""
        return _TIERS[self._engine.describe()["tier"]]

    @property
    def temperature(self) -> float:
        """The log-odds of a logit of 1: probabilities are the softmax of ``temperature * scores``."""
        return float(self._engine.describe()["temperature"])

    def sketch(self) -> None:
        """Makes a sketch of the model's head, by which large catalogues are searched instead of scoring every item.

        The results are the same (docs/performance.md). No other thread may use the model during this call.
        """
        self._engine.sketch()

    def item(self, item_id: str) -> Item | None:
        """Returns the item, or None where the model does not know it."""
        place = self._catalogue.place_of.get(item_id)
        return None if place is None else self._catalogue.at(place)

    def to_bytes(self) -> bytes:
        """Returns the fixed-point model file: what a page, the server and `sotto.load` open. Nothing is copied."""
        return self._file

    def save(self, path: PathLike, *, force: bool = False) -> None:
        """Writes the model file, and the float model beside it with ``.float`` before the extension.

        Args:
            path: such as ``"shop.safetensors"``. A model that is there is replaced.
            force: also replace a file that holds another kind of thing.

        Raises:
            SottoError: ``io`` where the file cannot be written, ``invalid_argument`` where another kind of thing is there.
        """
        _native.save_pair(self._file, self._original, os.fspath(path), force)

    def recommender(
        self, state: bytes | None = None, *, weights: Mapping[FeedbackKind | str, float] | None = None
    ) -> Recommender:
        """Returns a recommender for one user: ``Recommender(model, state, weights=weights)``."""
        from sotto._recommender import Recommender

        return Recommender(self, state, weights=weights)

    def popular(
        self,
        k: int = 10,
        *,
        exclude: Iterable[str] = (),
        categories: Iterable[str] | None = None,
        not_categories: Iterable[str] = (),
        among: Iterable[str] | npt.NDArray[np.bool_] | None = None,
        diversity: float = 0.0,
    ) -> list[Recommendation]:
        """Returns what the model recommends to a user without history. The options are those of `Recommender.recommend`."""
        places, scores = self._engine.popular(
            self._catalogue.excluded(exclude),
            self._catalogue.allowed(categories, not_categories, among),
            core_diversity(diversity),
            require_count(k),
        )
        return self._catalogue.named(places, scores)

    def evaluate(
        self,
        interactions: Any,
        *,
        progress: bool = True,
        name: str | None = None,
        **options: Unpack[EvaluateOptions],
    ) -> Evaluation:
        """Ranks the whole catalogue for held-out events, beside the model's parts and the baselines.

        The interpreter's lock is released meanwhile. Ctrl-C ends it.

        Args:
            interactions: as for `sotto.train`. Give the same options for columns, event weights, sessions and filters
                as there.
            progress: whether to show how far it is, on stderr.
            name: names a data frame in messages.
            **options: those of `sotto evaluate` (docs/cli.md), with underscores.

        Raises:
            SottoError: ``invalid_argument`` where the model was trained on the events to predict, unless
                `allow_trained_events` is set; the codes of reading a log.
        """
        check_names("evaluate", options, EVALUATE_OPTIONS)
        log = log_input(interactions, name, options)
        words = [f"--model={self._name}", *words_of({**options, **log.named})]
        if options.get("html"):
            original = [f"--float-model={self._original_name}"] if self._original_name else []
            _native.check_evaluation_files([*words, *original, *log.words_to_check])
        words += log.words
        shown = Progress(progress)
        try:
            report, text = _native.evaluate(self._file, self._original, self._absence, words, log.columns, shown)
        finally:
            shown.clear()
        return Evaluation(json.loads(report), text)


def _restored(
    file: bytes, original: bytes, name: str, absence: str, original_name: str, report: dict[str, Any] | None
) -> Model:
    model = Model(file, original, name=name, absence=absence, original_name=original_name)
    model.report = report
    return model


def load(source: PathLike | bytes | bytearray | memoryview, *, float_model: PathLike | None = None) -> Model:
    """Opens a fixed-point model.

    Args:
        source: the file's path, or its bytes.
        float_model: the file of the float model that it was made from. Without it, the one beside `source` is taken
            where it is there. `Model.evaluate` needs it for the model's parts, and nothing else does.

    Raises:
        SottoError: ``io`` where a file cannot be read; ``truncated``, ``malformed``, ``unsupported_version``,
            ``wrong_type`` … for a damaged, newer or foreign file; ``mismatch`` where `float_model` is of another model.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        if float_model is not None:
            raise SottoError("invalid_argument", "float_model belongs to a path: load the model from its file")
        return Model(bytes(source))
    path = os.fspath(source)
    original, absence = _native.find_original(path, "" if float_model is None else os.fspath(float_model))
    return Model(
        _read(path), _read(original) if original else b"", name=path, absence=absence, original_name=original
    )


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SottoError("io", f"cannot read '{path}': {error.strerror}") from error
