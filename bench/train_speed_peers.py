"""The two models of train_speed.py as one writes them in PyTorch and in Keras.

Each function trains in the process that calls it, on the events that Sotto trains on, and returns its epochs.
"""

import os
import time
from dataclasses import dataclass

LANES = 32
WINDOW = 64
CLASSIC_WINDOW = 50
CLASSIC_DIFFERENCES = {
    "padding": "Keras learns from the padding before a short history, as without mask_zero, which Sotto passes over",
    "order": "a target's two examples are anywhere in the epoch, which are in one batch in Sotto",
    "squares": "Keras's Adam on TensorFlow squares each of an item's gradients of a batch before it adds them up",
}
LEARNING_RATE = 0.008
FINAL_LEARNING_RATE = 0.02  # of the first step's
NEGATIVE_ALPHA = 0.5


@dataclass(frozen=True)
class Epoch:
    """What one pass over the examples gave."""

    loss: float
    examples_per_second: float
    examples_per_cpu_second: float


class Stopwatch:
    """Wall and processor time of this process since its construction."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def epoch(self, loss, examples):
        return Epoch(loss, examples / (time.perf_counter() - self.wall), examples / (time.process_time() - self.cpu))


def train_next_item_in_pytorch(histories, items, epochs, threads, seed):
    """Embedding 64 → LSTM 64 → tied head over all items, the state carried from window to window."""
    import numpy as np
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)

    class NextItem(torch.nn.Module):
        """Initialised as Sotto is, so that the losses can be compared."""

        def __init__(self, dim=64):
            super().__init__()
            self.embedding = torch.nn.Embedding(items, dim)
            self.lstm = torch.nn.LSTM(dim, dim)
            self.skip = torch.nn.Linear(dim, dim, bias=False)
            counts = np.bincount(np.concatenate(histories), minlength=items) + 1.0
            self.bias = torch.nn.Parameter(torch.tensor(np.log(counts / counts.mean()), dtype=torch.float32))
            with torch.no_grad():
                self.embedding.weight.uniform_(-0.1 * 3**0.5, 0.1 * 3**0.5)
                for bias in (self.lstm.bias_ih_l0, self.lstm.bias_hh_l0):
                    bias.zero_()
                self.lstm.bias_ih_l0[dim : 2 * dim] = 1  # the forget gates'

        def forward(self, inputs, state):
            embedded = F.dropout(self.embedding(inputs), 0.1)
            hidden, state = self.lstm(embedded, state)
            head_input = F.dropout(hidden, 0.2) + self.skip(embedded)
            return F.linear(head_input, self.embedding.weight, self.bias), state

    def epoch_stream():
        """Inputs, targets (-100: padding) and starts of users, [steps × lanes], users in a new random order."""
        order = random.permutation(len(histories))
        inputs = np.concatenate([histories[user][:-1] for user in order])
        targets = np.concatenate([histories[user][1:] for user in order])
        starts = np.concatenate([np.arange(len(histories[user]) - 1) == 0 for user in order])
        padding = -len(inputs) % LANES
        padded = (np.pad(inputs, (0, padding)), np.pad(targets, (0, padding), constant_values=-100),
                  np.pad(starts, (0, padding)))
        return [torch.from_numpy(np.ascontiguousarray(values.reshape(LANES, -1).T)) for values in padded]

    positions = sum(len(history) - 1 for history in histories)
    planned = epochs * -(-positions // (LANES * WINDOW))
    model = NextItem()
    optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda done: max(FINAL_LEARNING_RATE, 1 - done / planned))

    def train_window(inputs, targets, state):
        """Returns the sum of the positions' losses and the state to carry on."""
        logits, state = model(inputs, state)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        return loss.detach() * (targets >= 0).sum(), tuple(part.detach() for part in state)

    def train_epoch():
        inputs, targets, starts = epoch_stream()
        stopwatch = Stopwatch()
        state = (torch.zeros(1, LANES, 64), torch.zeros(1, LANES, 64))
        loss_sum = torch.zeros(())
        for first in range(0, len(inputs), WINDOW):
            window = slice(first, first + WINDOW)
            # nn.LSTM cannot reset a lane within a window: reset it at the start of the window where a user begins.
            carry = ~starts[window].any(0)[None, :, None]
            state = tuple(part * carry for part in state)
            loss, state = train_window(inputs[window], targets[window], state)
            loss_sum += loss
        return stopwatch.epoch(loss_sum.item() / positions, positions)

    return [train_epoch() for _ in range(epochs)]


def train_classic_in_keras(histories, items, epochs, threads, seed, batch, differences):
    """Embedding 16 → LSTM 128 → LSTM 128 → Dense 1: does the window's last item follow the events before it?

    Aligned with Sotto but for the `differences`, any of CLASSIC_DIFFERENCES; with all of them it is as one writes it.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    import keras
    import numpy as np
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    # As in Sotto, items that only held-out events have are drawn as if they had one.
    popularity = np.maximum(1, np.bincount(np.concatenate(histories), minlength=items)) ** NEGATIVE_ALPHA
    popularity /= popularity.sum()

    class SummingAdam(keras.optimizers.Adam):
        """Adds an item's gradients before they are squared."""

        def update_step(self, gradient, variable, learning_rate):
            super().update_step(tf.convert_to_tensor(gradient), variable, learning_rate)

    def windows():
        """Each event but a user's first twice, as the candidate after its history and replaced by a drawn one."""
        ends = [(history, end) for history in histories for end in range(1, len(history))]
        inputs = np.zeros((2 * len(ends), CLASSIC_WINDOW), np.int32)  # 0: padding; item i is i + 1
        for target, (history, end) in enumerate(ends):
            latest = history[max(0, end + 1 - CLASSIC_WINDOW) : end + 1]
            inputs[2 * target : 2 * target + 2, -len(latest) :] = latest + 1
        inputs[1::2, -1] = 1 + random.choice(items, len(ends), p=popularity)
        labels = np.tile(np.array([1, 0], np.float32), len(ends))
        order = np.arange(len(inputs))
        random.shuffle(order if "order" in differences else order.reshape(-1, 2))
        return inputs[order], labels[order]

    model = keras.Sequential([
        keras.Input((CLASSIC_WINDOW,), dtype="int32"),
        keras.layers.Embedding(items + 1, 16, mask_zero="padding" not in differences),
        keras.layers.LSTM(128, return_sequences=True),
        keras.layers.LSTM(128),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    adam = keras.optimizers.Adam if "squares" in differences else SummingAdam
    model.compile(optimizer=adam(1e-3), loss="binary_crossentropy")

    def train_epoch():
        inputs, labels = windows()
        stopwatch = Stopwatch()
        history = model.fit(inputs, labels, batch_size=batch, epochs=1, shuffle=False, verbose=0)
        return stopwatch.epoch(history.history["loss"][0], len(inputs))

    return [train_epoch() for _ in range(epochs)]
