"""Sotto: next-item recommendation with a small fixed-point LSTM.

    import sotto

    model = sotto.train(interactions, items, epochs=20)
    print(model.evaluate(interactions))
    model.save("shop.safetensors")

    recommender = sotto.Recommender(model)
    recommender.observe("85123A")
    for best in recommender.recommend(10):
        print(best.item.title, best.score)

The model file is the same everywhere: in a page, on the server, in Java and here. docs/python.md is the guide.
"""

from __future__ import annotations

from sotto._native import version as __version__
from sotto._catalogue import Item, Recommendation
from sotto._errors import SottoError, SottoWarning
from sotto._evaluation import Evaluation
from sotto._model import Model, load
from sotto._options import EvaluateOptions, TrainOptions
from sotto._recommender import FeedbackKind, HiddenItem, LearningRecord, Moment, PastEvent, Reason, Recommender
from sotto._training import train

__all__ = [
    "EvaluateOptions",
    "Evaluation",
    "FeedbackKind",
    "HiddenItem",
    "Item",
    "LearningRecord",
    "Model",
    "Moment",
    "PastEvent",
    "Reason",
    "Recommendation",
    "Recommender",
    "SottoError",
    "SottoWarning",
    "TrainOptions",
    "__version__",
    "load",
    "train",
]
