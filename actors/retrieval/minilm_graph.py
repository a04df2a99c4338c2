"""MiniLM's forward pass, written as an ONNX graph from its weights.

Six layers of twelve heads over 384 dimensions; mean over the tokens, then unit length. Source of the architecture:
BERT (Devlin et al. 2019), MiniLM (Wang et al. 2020), pooling as the model's own sentence-transformers settings say.
Importing this module loads onnx: only building a graph needs it.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
from safetensors import safe_open

LAYERS, HEADS, DIM = 6, 12, 384
OPSET, IR_VERSION = 20, 10


def write_graph(weights: Path, target: Path) -> None:
    """Write the fp32 graph: `input_ids`, `attention_mask` int64[b,t] to `embedding` f32[b,384], `tokens` f32[b,t,384].

    About a second. Embeddings have unit length; tokens are the last layer as it is.
    """
    with safe_open(weights, "numpy") as tensors:
        writer = _GraphWriter({name: tensors.get_tensor(name) for name in tensors.keys()})  # noqa: SIM118 (no dict)
    onnx.save(writer.model(), target)


def write_int8(graph: Path, target: Path) -> None:
    """Write the graph with int8 weights, one scale per output channel; activations are quantised as they come."""
    quantize_dynamic(
        graph, target, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
    )


class _GraphWriter:
    """One graph in the making; every method adds nodes and returns the name of its output."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:  # noqa: ANN401 (onnx has no types)
        mask = self._node("Cast", "attention_mask", to=TensorProto.FLOAT)
        tokens = self._encoder(self._embeddings(), self._attention_bias(mask))
        self._node("Identity", tokens, output="tokens")
        self._pool(tokens, mask)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", DIM]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["batch", "length", DIM]),
        ]
        graph = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._constants.values()))
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        checker.check_model(model)
        return model

    def _embeddings(self) -> str:
        length = self._node("Shape", "input_ids", start=1, end=2)
        positions = self._node(
            "Slice",
            self._weight("embeddings.position_embeddings.weight"),
            self._integers(0),
            length,
            self._integers(0),
        )
        words = self._node("Gather", self._weight("embeddings.word_embeddings.weight"), "input_ids")
        kind = self._constant("kind", self._weights["embeddings.token_type_embeddings.weight"][0])
        placed = self._node("Add", self._node("Add", words, positions), kind)
        return self._normalised(placed, "embeddings.LayerNorm")

    def _attention_bias(self, mask: str) -> str:
        """Give padding a score that softmax turns into nothing."""
        padding = self._node("Sub", self._number("one", 1.0), mask)
        return self._node(
            "Unsqueeze", self._node("Mul", padding, self._number("far_below", -1e9)), self._integers(1, 2)
        )

    def _encoder(self, hidden: str, bias: str) -> str:
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            attended = self._linear(self._attention(hidden, bias, at), f"{at}.attention.output.dense")
            hidden = self._normalised(self._node("Add", attended, hidden), f"{at}.attention.output.LayerNorm")
            inner = self._node("Gelu", self._linear(hidden, f"{at}.intermediate.dense"))
            outer = self._linear(inner, f"{at}.output.dense")
            hidden = self._normalised(self._node("Add", outer, hidden), f"{at}.output.LayerNorm")
        return hidden

    def _attention(self, hidden: str, bias: str, at: str) -> str:
        query = self._heads(hidden, f"{at}.attention.self.query", (0, 2, 1, 3))
        key = self._heads(hidden, f"{at}.attention.self.key", (0, 2, 3, 1))
        value = self._heads(hidden, f"{at}.attention.self.value", (0, 2, 1, 3))
        scale = self._number("scale", 1 / math.sqrt(DIM / HEADS))
        scores = self._node("Add", self._node("Mul", self._node("MatMul", query, key), scale), bias)
        mixed = self._node("MatMul", self._node("Softmax", scores, axis=-1), value)
        return self._node(
            "Reshape", self._node("Transpose", mixed, perm=(0, 2, 1, 3)), self._integers(0, 0, DIM)
        )

    def _heads(self, hidden: str, name: str, order: Sequence[int]) -> str:
        split = self._node("Reshape", self._linear(hidden, name), self._integers(0, 0, HEADS, DIM // HEADS))
        return self._node("Transpose", split, perm=order)

    def _pool(self, tokens: str, mask: str) -> None:
        kept = self._node("Mul", tokens, self._node("Unsqueeze", mask, self._integers(2)))
        summed = self._node("ReduceSum", kept, self._integers(1), keepdims=0)
        count = self._node("ReduceSum", mask, self._integers(1), keepdims=1)
        mean = self._node("Div", summed, self._node("Max", count, self._number("tiny", 1e-9)))
        length = self._node("ReduceL2", mean, self._integers(-1), keepdims=1)
        self._node("Div", mean, length, output="embedding")

    def _linear(self, values: str, name: str) -> str:
        matrix = self._constant(f"{name}.matrix", self._weights[f"{name}.weight"].T)
        return self._node("Add", self._node("MatMul", values, matrix), self._weight(f"{name}.bias"))

    def _normalised(self, values: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._node("LayerNormalization", values, scale, shift, axis=-1, epsilon=1e-12)

    def _node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:  # noqa: ANN401 (onnx takes any)
        name = output or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _number(self, name: str, value: float) -> str:
        return self._constant(name, np.array(value, dtype=np.float32))

    def _integers(self, *values: int) -> str:
        return self._constant("_".join(("i", *map(str, values))), np.array(values, dtype=np.int64))

    def _constant(self, name: str, array: Any) -> str:  # noqa: ANN401 (an array of any type)
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name
