"""The classic model as TensorFlow Lite files. LiteRT.js refuses the stateful LSTM operator, so it is written out."""

import tensorflow as tf


def cell(products, cell_state, hidden):
    input_gate, forget, candidate, output = (products[:, i * hidden : (i + 1) * hidden] for i in range(4))
    cell_state = tf.sigmoid(forget) * cell_state + tf.sigmoid(input_gate) * tf.tanh(candidate)
    return tf.sigmoid(output) * tf.tanh(cell_state), cell_state


def run_network(weights, shape, items, states):
    """States are h and c of each layer. A layer's input products are one matrix product over all events."""
    hidden = shape["hidden"]
    sequence = tf.gather(weights["embedding"], items)
    new_states = []
    for layer in range(shape["layers"]):
        h, c = states[2 * layer], states[2 * layer + 1]
        products = tf.matmul(sequence, weights[f"lstm{layer}.input"], transpose_b=True) + weights[f"lstm{layer}.bias"]
        outputs = []
        for event in range(items.shape[0]):
            recurrent = tf.matmul(h, weights[f"lstm{layer}.hidden"], transpose_b=True)
            h, c = cell(products[event : event + 1] + recurrent, c, hidden)
            outputs.append(h)
        sequence = tf.concat(outputs, 0)
        new_states += [h, c]
    return new_states


def logits_of(weights, hidden_state):
    return tf.matmul(hidden_state, weights["head"], transpose_b=True) + weights["head.bias"]


def functions(weights, shape):
    """Concrete functions by the name of their file."""
    state = tf.TensorSpec([1, shape["hidden"]], tf.float32)
    states = [state] * (2 * shape["layers"])
    one, window = (tf.TensorSpec([events], tf.int32) for events in (1, shape["window"]))
    constants = {name: tf.constant(array) for name, array in weights.items()}

    def with_head(items, *carried):
        after = run_network(constants, shape, items, carried)
        return (logits_of(constants, after[-2]), *after)

    def without_head(items, *carried):
        return tuple(run_network(constants, shape, items, carried))

    def from_scratch(items):
        zeros = [tf.zeros([1, shape["hidden"]])] * (2 * shape["layers"])
        return with_head(items, *zeros)[0]

    yield "top10", tf.function(with_head).get_concrete_function(one, *states)
    yield "no_head", tf.function(without_head).get_concrete_function(one, *states)
    yield "window", tf.function(from_scratch).get_concrete_function(window)


def write_tflite_files(weights, shape, folder):
    for name, function in functions(weights, shape):
        for suffix, optimisations in (("f32", []), ("int8", [tf.lite.Optimize.DEFAULT])):
            converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
            converter.optimizations = optimisations
            (folder / f"{name}.{suffix}.tflite").write_bytes(converter.convert())
