"""The options of the command line, by the same names with underscores. docs/cli.md has them, too."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Union

PathLike = Union[str, "os.PathLike[str]"]


class LogOptions(TypedDict, total=False):
    """How a log is read, and what is made of it. Columns are those of a file or of a data frame."""

    format: Literal["csv", "tsv", "jsonl", "json"]
    """The log's format; without it: from its beginning."""
    delimiter: str
    """What stands between fields: a text such as ';' or '::', tab, or space for any run of spaces; without it:
    from the log's beginning."""
    no_header: bool
    """The first row is an event; without it: from what is in it. Columns are then named by position."""
    user_column: str
    """Column with the user's (or session's) id: its name, its position counted from 1, or its path in JSON, such
    as user.id or events[].aid; a usual name such as userId is found by itself (default: user_id)."""
    item_column: str
    """Column with the item's id (default: item_id)."""
    timestamp_column: str
    """Column with the time: seconds, milliseconds, microseconds or nanoseconds since 1970, or ISO 8601 (default:
    timestamp)."""
    literal_ids: bool
    """Take ids such as NA, NULL or none as they are written; without it they stand for missing ones."""
    event_column: str
    """Column with the type of event, such as view or purchase; types weigh differently."""
    event_weight: str | Mapping[str, float]
    """What the types weigh, 0 … 1000; 0 leaves a type out, * stands for all others (default:
    view=1,favourite=2,cart=3,purchase=5, needs event_column)."""
    rating_column: str
    """Column with the user's rating of the item."""
    min_rating: float
    """Leave out rows with a lower rating (needs rating_column)."""
    strict: bool
    """Stop at the first row that breaks a rule instead of leaving it out."""
    drop_duplicates: bool
    """Keep one of the events of same user, item and second."""
    session_column: str
    """Column with the session's id."""
    session_gap: str | int
    """A session ends where the user does nothing for longer than this; each session is a sequence of its own,
    except under split last-session."""
    min_item_events: int
    """Leave out items with fewer events."""
    max_items: int
    """Of a log with more items the N - 1 most frequent keep their id, and all others become one item, '<oov>'; 2 …
    16777216, 0: no limit."""
    oov_item: str
    """With min_item_events, make its rare items one item with this id instead; with max_items, the id of its one
    item."""
    k_core: int
    """Leave out users and items until all have at least this many events."""


class TrainOptions(LogOptions, total=False):
    """The options of `sotto.train`."""

    force: bool
    """Replace an existing file that holds another kind of thing."""
    preset: Literal["keras-classic"]
    """keras-classic: Embedding × 16 → LSTM 128 → LSTM 128 → Dense 1 with sigmoid, binary cross-entropy, Adam,
    windows of 50, batches of 32, at most 10000 items, learned from events alone; options beside it change it."""
    licence: str
    """Licence of the model, an SPDX expression or free text."""
    attribution: str
    """Whom to name for the data and the model."""
    lineage: str
    """The name that all versions of this model share; pages keep each lineage's history apart."""
    no_event_sketch: bool
    """Leave the hashes of sampled training events out of the model."""
    resume: bool
    """Go on with an interrupted training from the checkpoint beside the model, to the same result; only force
    starts again where one waits."""
    items_format: Literal["csv", "tsv", "jsonl", "json"]
    """The items file's format; without it: from its beginning (needs items)."""
    items_delimiter: str
    """What stands between fields: a text such as ';' or '::', tab, or space for any run of spaces; without it:
    from the items file's beginning (needs items)."""
    items_no_header: bool
    """The first row is an item; without it: from what is in it. Columns are then named by position (needs
    items)."""
    items_id_column: str
    """Column of the items file with the item's id: its name, its position or its path, as in a log; a usual name
    of this and the other columns is found by itself (default: item_id, needs items)."""
    items_literal_ids: bool
    """Take ids of items such as NA, NULL or none as they are written; without it they are errors (needs items)."""
    title_column: str
    """Column of the items file with the title (default: title, needs items)."""
    category_column: str
    """Column of the items file with the categories, separated by | (default: category, needs items)."""
    price_column: str
    """Column of the items file with the price (default: price, needs items)."""
    image_column: str
    """Column of the items file with the image's address (default: image, needs items)."""
    text_column: str
    """Column of the catalogue that items are learned from beside title and category, 'description' if there is
    one."""
    item_vectors: PathLike | Any
    """Learn items from these vectors instead of their texts: .npy or safetensors with one array, a row for each
    row of the catalogue."""
    no_content: bool
    """Learn items from their events alone; items of the catalogue that nobody touched are left out."""
    embedding_dim: int
    """Numbers per item, 1 … 4096 (default: 64)."""
    hidden_dim: int
    """Units of each LSTM layer, 1 … 4096 (default: 64)."""
    layers: int
    """LSTM layers, 1 … 16 (default: 1)."""
    head: Literal["softmax", "binary"]
    """What the model tells: which item comes next, or of a candidate whether it does (sigmoid)."""
    free_head: bool
    """Give the head a table of its own; without it, it shares the embedding's where both dimensions are equal."""
    head_bits: Literal[4, 8]
    """Bits of a weight of the head, and of the embedding where the head is tied to it; 4 halve what a page
    downloads and reads of it (default: 8)."""
    no_history_term: bool
    """Leave out what the user's own recent events add to the scores (when, how often, what followed)."""
    no_memory_term: bool
    """Leave out what learning on the device begins with: which of their past items users return to, and when."""
    no_final_training: bool
    """Keep the network that was validated; without it: train once more, with the validation's events as well."""
    count_neighbours: int
    """Items that followed it in the log, kept for each item by the count expert; 0: no count expert (default: 20)."""
    no_skip_connection: bool
    """Leave out the way from the last item to the head."""
    split: Literal["leave-last-out", "temporal", "last-session", "none"]
    """What is held out: each user's last two events, the last two tenths of the log's time, each user's last two
    sessions, or nothing (then the model cannot be evaluated on this log) (default: leave-last-out)."""
    epochs: int
    """Maximum number of passes over the training events, 1 … 10000; 0: chosen from the log's size (default: 0)."""
    patience: int
    """Epochs without a better validation figure before training ends, 1 … 10000 (default: 5)."""
    loss: Literal["cross-entropy", "bpr-max"]
    """What a softmax head is trained with; a binary head has its own."""
    negatives: int
    """Items drawn for each step as negatives; 0: chosen from the loss and the catalogue's size (all items under
    cross-entropy up to 20,000) (default: 0)."""
    negative_alpha: float
    """Negatives are drawn from popularity to this power, 0 … 1 (default: 0.5)."""
    optimiser: Literal["adam", "adagrad"]
    """How weights move."""
    schedule: Literal["linear", "cosine", "constant"]
    """How the learning rate falls over the planned epochs."""
    weight_decay: float
    """Decoupled, per unit of learning rate, 0 … 1 (default: 0)."""
    clip_norm: float
    """Largest norm of a step's gradient; 0: no clipping (default: 1)."""
    input_dropout: float
    """Share of embedding values dropped in training, 0 … 0.95 (default: 0.1)."""
    learning_rate: float
    """The optimizer's step size at the start, above 0 up to 1 (default: 0.008)."""
    dropout: float
    """Share of hidden values dropped in training, 0 … 0.95 (default: 0.2)."""
    id_dropout: float
    """Share of the items with content that are known by it alone in a step, 0 … 0.95 (default: 0.1)."""
    layer_norm: bool
    """Normalize the items' vectors, with a learned gain and bias; the model file holds what comes out."""
    window: int
    """Events that a gradient reaches back, 1 … 65536 (default: 64)."""
    batch: int
    """Windows per optimizer step, 1 … 65536 (default: 32)."""
    seed: int
    """Start of all random numbers, 0 … 2^64 - 1; the same seed gives the same model (default: 1)."""
    threads: int
    """Processor threads, 0: all; no effect on the result (default: 0)."""


class EvaluateOptions(LogOptions, total=False):
    """The options of `Model.evaluate`."""

    split: Literal["auto", "leave-last-out", "temporal", "last-session"]
    """What is predicted, given all before it: each user's last event, the last tenth of the log's time, or each
    user's last session; auto: as the model was trained, or leave-last-out if it was trained on everything
    (default: auto)."""
    at: Sequence[int]
    """Cut-offs k of HR@k, NDCG@k, MRR@k and of the lists, 1 … 1000000, comma-separated (default: [1,5,10,20])."""
    history: Literal["auto", "ranked", "excluded"]
    """Whether the items of a user's history are ranked or excluded; auto: excluded if no user meets an item twice
    (default: auto)."""
    allow_trained_events: bool
    """Score even if the model was trained on targets, and say so."""
    seed: int
    """Seed of the resampling behind the intervals, and of shuffled ties (default: 1)."""
    threads: int
    """Processor threads, 0: all; no effect on the result (default: 0)."""
    html: PathLike
    """Write a report with plots to this file: one page, nothing else needed."""
    force: bool
    """Replace an existing file that holds another kind of thing."""


TRAIN_OPTIONS = TrainOptions.__optional_keys__
EVALUATE_OPTIONS = EvaluateOptions.__optional_keys__


def check_names(function: str, options: Mapping[str, Any], known: frozenset[str]) -> None:
    """Raises TypeError for an option that the function does not have."""
    for name in options:
        if name in known:
            continue
        close = difflib.get_close_matches(name, known, n=1)
        advice = f"; do you mean '{close[0]}'?" if close else ""
        raise TypeError(f"{function}() has no option '{name}'{advice}")


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}={_text(weight)}" for name, weight in value.items())
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, Sequence):
        return ",".join(_text(part) for part in value)
    return repr(value.item() if hasattr(value, "item") else value)


def words_of(options: Mapping[str, Any]) -> list[str]:
    """Returns the words that the command line would be given. False and None leave an option out."""
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        words.append(option if value is True else f"{option}={_text(value)}")
    return words
