"""The second script of the classic tutorial: answers POST /recommend with Flask."""

import json
import os

import numpy as np
from flask import Flask, jsonify, request
from tensorflow import keras

WINDOW = 10
app = Flask(__name__)
model = keras.models.load_model(os.environ["MODEL"])
with open(os.environ["ITEMS"]) as file:
    items = json.load(file)


@app.post("/recommend")
def recommend():
    window = request.get_json()["input"][-WINDOW:]
    padded = np.array([[0] * (WINDOW - len(window)) + window])
    scores = model.predict(padded, verbose=0)[0][1:]
    best = np.argsort(-scores)[:10]
    return jsonify(recommendations=[items[place] for place in best])
