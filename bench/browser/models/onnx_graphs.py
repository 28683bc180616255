"""The classic model as ONNX graphs: one event with carried state, a window, and a training step of the head."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 17
TOP = 10


class Graph:
    """Collects nodes and constants; names are given once and used by whoever comes later."""

    def __init__(self):
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[-1], **attributes))
        return outputs[0]

    def input(self, name, kind, shape):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name, kind, shape):
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def save(self, file):
        graph = helper.make_graph(self.nodes, file.stem, self.inputs, self.outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, file)


def in_onnx_order(gates):
    """ONNX orders an LSTM's gates input, output, forget, candidate; PyTorch input, forget, candidate, output."""
    input_gate, forget, candidate, output = np.split(gates, 4)
    return np.concatenate([input_gate, output, forget, candidate])


def add_network(graph, weights, shape, events):
    """`events` items through embedding and LSTMs, whose state comes in and goes out. Returns the last state's name."""
    hidden = shape["hidden"]
    graph.input("items", TensorProto.INT32, [events, 1])
    sequence = graph.node("Gather", [graph.constant("embedding", weights["embedding"]), "items"], ["embedded"], axis=0)
    for layer in range(shape["layers"]):
        at = f"lstm{layer}"
        state_in = [graph.input(f"{at}.{part}", TensorProto.FLOAT, [1, 1, hidden]) for part in ("h", "c")]
        bias = in_onnx_order(weights[f"{at}.bias"])
        parameters = [
            graph.constant(f"{at}.W", in_onnx_order(weights[f"{at}.input"])[None]),
            graph.constant(f"{at}.R", in_onnx_order(weights[f"{at}.hidden"])[None]),
            graph.constant(f"{at}.B", np.concatenate([bias, np.zeros_like(bias)])[None]),
        ]
        outputs = [f"{at}.all", f"{at}.h_out", f"{at}.c_out"]
        graph.node("LSTM", [sequence, *parameters, "", *state_in], outputs, hidden_size=hidden)
        for name in outputs[1:]:
            graph.output(name, TensorProto.FLOAT, [1, 1, hidden])
        if layer + 1 < shape["layers"]:
            axis = graph.constant(f"{at}.direction", np.array([1], np.int64))
            sequence = graph.node("Squeeze", [outputs[0], axis], [f"{at}.sequence"])
    return graph.node("Reshape", [outputs[1], graph.constant("row", np.array([1, hidden], np.int64))], ["last"])


def add_head(graph, weights, shape, last):
    """Logits and, sorted within the graph, the best of them."""
    product = graph.node("MatMul", [last, graph.constant("head", weights["head"].T)], ["product"])
    logits = graph.node("Add", [product, graph.constant("head.bias", weights["head.bias"])], ["logits"])
    graph.node("TopK", [logits, graph.constant("k", np.array([TOP], np.int64))], ["top.scores", "top.items"], axis=1)
    graph.output("top.items", TensorProto.INT64, [1, TOP])


def inference_graph(weights, shape, events, head):
    graph = Graph()
    last = add_network(graph, weights, shape, events)
    if head:
        add_head(graph, weights, shape, last)
    if head == "logits":
        graph.output("logits", TensorProto.FLOAT, [1, shape["items"]])
    return graph


def head_training_graph(shape):
    """One step of gradient descent on the head under full softmax: ONNX has no gradients, so they are written by hand.

    With p = softmax(h W' + b) and one-hot targets y, the loss's gradient at the logits is (p - y) / examples.
    """
    graph = Graph()
    items, hidden = shape["items"], shape["hidden"]
    graph.input("weight", TensorProto.FLOAT, [hidden, items])
    graph.input("bias", TensorProto.FLOAT, [items])
    graph.input("hidden", TensorProto.FLOAT, ["examples", hidden])
    graph.input("labels", TensorProto.INT32, ["examples"])
    graph.input("rate", TensorProto.FLOAT, [])  # the learning rate divided by the number of examples
    graph.node("Gemm", ["hidden", "weight", "bias"], ["logits"])
    graph.node("Softmax", ["logits"], ["probabilities"], axis=1)
    graph.constant("column", np.array([-1, 1], np.int64))
    graph.node("Reshape", ["labels", "column"], ["targets"])
    graph.node("Shape", ["targets"], ["targets.shape"])
    minus_one = numpy_helper.from_array(np.array([-1], np.float32))
    graph.node("ConstantOfShape", ["targets.shape"], ["minus_one"], value=minus_one)
    graph.node("ScatterElements", ["probabilities", "targets", "minus_one"], ["error"], axis=1, reduction="add")
    graph.node("Mul", ["error", "rate"], ["scaled"])
    graph.node("Gemm", ["hidden", "scaled", "weight"], ["weight.new"], transA=1, alpha=-1.0)
    graph.constant("examples.axis", np.array([0], np.int64))
    graph.node("ReduceSum", ["scaled", "examples.axis"], ["bias.step"], keepdims=0)
    graph.node("Sub", ["bias", "bias.step"], ["bias.new"])
    graph.output("weight.new", TensorProto.FLOAT, [hidden, items])
    graph.output("bias.new", TensorProto.FLOAT, [items])
    return graph


def write_onnx_files(weights, shape, folder):
    for name, events, head in (("top10", 1, "top"), ("no_head", 1, None), ("window", shape["window"], "top"),
                               ("logits", shape["window"], "logits")):
        full = folder / f"{name}.f32.onnx"
        inference_graph(weights, shape, events, head).save(full)
        quantize_dynamic(full, folder / f"{name}.int8.onnx", weight_type=QuantType.QInt8, per_channel=True)
    head_training_graph(shape).save(folder / "head_step.onnx")
