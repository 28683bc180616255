"""The classic model's float32 weights: seeded, laid out as PyTorch lays them out."""

import numpy as np


def random_weights(shape):
    """Of a scale that keeps activations of order 1, as trained weights do; the forget gates begin open."""
    random = np.random.default_rng(shape["seed"])

    def normal(scale, *size):
        return random.normal(0, scale, size).astype(np.float32)

    items, hidden = shape["items"], shape["hidden"]
    weights = {"embedding": normal(1, items, shape["embedding"])}
    for layer in range(shape["layers"]):
        width = shape["embedding"] if layer == 0 else hidden
        weights[f"lstm{layer}.input"] = normal(width**-0.5, 4 * hidden, width)
        weights[f"lstm{layer}.hidden"] = normal(hidden**-0.5, 4 * hidden, hidden)
        bias = normal(0.1, 4 * hidden)
        bias[hidden : 2 * hidden] += 1
        weights[f"lstm{layer}.bias"] = bias
    weights["head"] = normal(0.3, items, hidden)
    weights["head.bias"] = normal(0.5, items)
    return weights


def pytorch_state_dict(weights, layers):
    """Under the names of nn.Embedding, nn.LSTM and nn.Linear, for `sotto import`."""
    state = {
        "embedding.weight": weights["embedding"],
        "linear.weight": weights["head"],
        "linear.bias": weights["head.bias"],
    }
    for layer in range(layers):
        bias = weights[f"lstm{layer}.bias"]
        state[f"lstm.weight_ih_l{layer}"] = weights[f"lstm{layer}.input"]
        state[f"lstm.weight_hh_l{layer}"] = weights[f"lstm{layer}.hidden"]
        state[f"lstm.bias_ih_l{layer}"] = bias
        state[f"lstm.bias_hh_l{layer}"] = np.zeros_like(bias)
    return state
