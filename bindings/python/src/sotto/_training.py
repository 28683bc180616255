"""Training."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sotto import _native
from sotto._errors import SottoWarning
from sotto._frames import items_input, log_input, vectors_words
from sotto._model import Model
from sotto._options import TRAIN_OPTIONS, check_names, words_of
from sotto._progress import Progress

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from sotto._options import PathLike, TrainOptions

_UNUSED_OUT = "--out=model.safetensors"  # the command line needs one; nothing is written there


def train(
    interactions: Any,
    items: Any = None,
    *,
    out: PathLike | None = None,
    progress: bool = True,
    callback: Callable[[dict[str, Any]], object] | None = None,
    name: str | None = None,
    **options: Unpack[TrainOptions],
) -> Model:
    """Trains a model on an interaction log. The same log, options and seed give the same bytes as `sotto train`.

    The interpreter's lock is released while it trains. Ctrl-C stops it: with `out`, the best model so far and the
    checkpoint are written, and `resume=True` goes on to the same result. Then KeyboardInterrupt is raised.

    Args:
        interactions: a pandas or Polars frame, a pyarrow table or a dict of arrays with the columns ``user_id``,
            ``item_id`` and ``timestamp``, or other usual names of them such as ``visitorid``. Times are seconds or
            milliseconds since 1970, ISO 8601, or the frame's own type for times; without a zone: UTC. Or the path of a
            Parquet or Arrow file (through pyarrow), or a path, or a list of paths, that `sotto train` reads.
        items: what is known about the items, as a frame or a path: ``item_id`` and any of ``title``, ``category``,
            ``price``, ``image``, ``currency``, ``description``.
        out: write the model to this file, as `sotto train --out` does, and keep a checkpoint beside it meanwhile.
            Without it the model is in memory only: `Model.save` writes it. It cannot be a file that is read.
        progress: whether to show rate and time left: one line in terminals and notebooks, elsewhere a line for each
            epoch, on stderr.
        callback: called after each epoch with its report: ``epoch``, ``max_epochs``, ``loss`` (nats for an event),
            ``events``, ``events_per_second``, ``seconds`` since the start, and with validation targets ``metric``,
            ``validation`` and ``best_validation``. An exception that it raises stops the training as Ctrl-C does.
        name: names a data frame, in messages and in the model's record of its log; "frame" without it.
        **options: those of `sotto train` (docs/cli.md), with underscores: ``epochs=20``, ``hidden_dim=128``,
            ``split="temporal"``, ``user_column="uid"``. Flags take True. ``item_vectors`` also takes an array,
            [rows of items, dimensions].

    Returns:
        The model. Its `report` is what `sotto train --json` prints.

    Raises:
        TypeError: for an option that does not exist.
        SottoError: ``invalid_argument`` for a value that an option does not take; ``missing`` for a column that is not
            there; ``malformed`` where no row is usable, ``io`` where a file cannot be read or written.

    Warns:
        SottoWarning: rows were left out because they break a rule; ids look rounded by a spreadsheet.
    """
    check_names("train", options, TRAIN_OPTIONS)
    log = log_input(interactions, name, options)
    others = {option: value for option, value in options.items() if option != "item_vectors"}
    shown = Progress(progress, callback)
    with tempfile.TemporaryDirectory(prefix="sotto-") as folder:
        described = items_input(items, options, Path(folder))
        words = [
            *vectors_words(options.get("item_vectors"), Path(folder)),
            _UNUSED_OUT if out is None else f"--out={os.fspath(out)}",
            *words_of({**others, **log.named, **described.named}),
        ]
        for items_word in described.words_to_check if out is not None else []:
            _native.check_training_files([*log.words_to_check, *items_word, *words])
        words = [*log.words, *described.words, *words]
        try:
            fixed, original, report, found = _native.train(words, log.columns, out is not None, shown)
        finally:
            shown("end", "")
    model = Model(fixed, original, name="model" if out is None else os.fspath(out))
    model.report = json.loads(report)
    for refused in model.report["rows"]["refused_by_rule"].values():
        found.append(f"left out {refused['rows']} of {model.report['rows']['read']} rows; the first: {refused['first']}")
    for text in found:
        warnings.warn(text.replace(f"{folder}{os.sep}", ""), SottoWarning, stacklevel=2)
    return model
