"""The usual tutorial's server: Flask before a Keras model of the classic shape, untrained, for its speed alone.

KERAS_CALL=predict answers with model.predict, as the tutorials do; KERAS_CALL=function with a compiled tf.function, the
best form that was found. Started by ../load.sh under gunicorn: gunicorn --workers 2 --bind 127.0.0.1:8081 server:app
"""

import os

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from flask import Flask, jsonify, request

ITEMS, EVENTS, LISTED = 10_000, 50, 10

keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.layers.Input((EVENTS,), dtype="int32"),
        keras.layers.Embedding(ITEMS, 16),
        keras.layers.LSTM(128, return_sequences=True),
        keras.layers.LSTM(128),
        keras.layers.Dense(ITEMS, activation="softmax"),
    ]
)


@tf.function(input_signature=[tf.TensorSpec((1, EVENTS), tf.int32)])
def compiled(window):
    return model(window, training=False)


def scores_of(window):
    if os.environ.get("KERAS_CALL", "predict") == "function":
        return compiled(tf.constant(window)).numpy()[0]
    return model.predict(window, verbose=0)[0]


app = Flask(__name__)


@app.get("/healthz")
def healthz():
    return "", 200


@app.post("/recommend")
def recommend():
    window = np.array([request.get_json()["input"]], dtype=np.int32)
    scores = scores_of(window)
    best = np.argpartition(scores, -LISTED)[-LISTED:]
    return jsonify(recommendations=best[np.argsort(-scores[best])].tolist())


scores_of(np.zeros((1, EVENTS), np.int32))  # traced before the first request
