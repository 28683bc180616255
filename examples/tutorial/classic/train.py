"""The first script of the classic tutorial: trains a recommender on user events with Keras."""

import csv
import json
import sys
from collections import defaultdict

import numpy as np
from tensorflow import keras

log, model_file, items_file = sys.argv[1:4]
WINDOW = 10

histories = defaultdict(list)
with open(log, newline="") as rows:
    for row in csv.DictReader(rows):
        histories[row["user_id"]].append((int(row["timestamp"]), row["item_id"]))

items = sorted({item for history in histories.values() for _, item in history})
index = {item: place + 1 for place, item in enumerate(items)}  # 0 is padding

windows, choices = [], []
for history in histories.values():
    sequence = [index[item] for _, item in sorted(history)]
    for end in range(1, len(sequence)):
        window = sequence[max(0, end - WINDOW) : end]
        windows.append([0] * (WINDOW - len(window)) + window)
        choices.append(sequence[end])

model = keras.Sequential(
    [
        keras.layers.Embedding(len(items) + 1, 32, mask_zero=True),
        keras.layers.LSTM(32),
        keras.layers.Dense(len(items) + 1, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(np.array(windows), np.array(choices), epochs=20, batch_size=64)
model.save(model_file)
with open(items_file, "w") as file:
    json.dump(items, file)
