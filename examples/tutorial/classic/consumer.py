"""The third script of the classic tutorial: reads events from Kafka, keeps users' histories, predicts and logs."""

import json
import logging
import os
from collections import defaultdict, deque

import numpy as np
from kafka import KafkaConsumer
from tensorflow import keras

WINDOW = 10
logging.basicConfig(level=logging.INFO)
model = keras.models.load_model(os.environ["MODEL"])
with open(os.environ["ITEMS"]) as file:
    items = json.load(file)
index = {item: place + 1 for place, item in enumerate(items)}

histories = defaultdict(lambda: deque(maxlen=WINDOW))  # gone with the process
for record in KafkaConsumer("events", bootstrap_servers=os.environ["BROKERS"], group_id="recommender"):
    user = record.key.decode()
    event = json.loads(record.value)  # a record that is no JSON ends the script
    histories[user].append(index[event["id"]])  # and so does an unknown item
    window = list(histories[user])
    scores = model.predict(np.array([[0] * (WINDOW - len(window)) + window]), verbose=0)[0][1:]
    best = [items[place] for place in np.argsort(-scores)[:10]]
    logging.info("%s: %s", user, best)
