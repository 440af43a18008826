"""Write a fine-tuned network as ONNX that multiplies in 8-bit integers (needs ``pip install starcheck[train]``).

Each large matrix is stored as int8 with one scale per output column. Activations are quantised as they
come, with one scale per tensor; since the network is run for one window at a time, that scale depends on
the answer alone and never on what else is scored. It halves the time per word. Weights keep to 7 bits, so
that no processor's 8-bit multiplication can overflow and all come to the same sums.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from starcheck.training.network import Network

OPSET = 17
SAFE, FULL = 63, 127
"""Largest integers of multiplied weights (two products of a byte each must fit 16 bits) and of looked-up ones."""
_SMALLEST = 10_000
"""Weights of a tensor below which packing saves nothing worth a rounding."""


def export(network: Network, tokenizer: Any, folder: Path) -> None:
    """Write ``encoder.onnx`` and ``tokenizer.json`` into a folder.

    Parameters
    ----------
    network : Network
        In evaluation mode.
    tokenizer : transformers.PreTrainedTokenizerFast
    folder : pathlib.Path
        Made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "encoder.onnx"
    example = (torch.ones(1, 16, dtype=torch.long), torch.full((3, 16), 1 / 16))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes it handles by the dynamic axes
        torch.onnx.export(
            _Flat(network).eval(),
            example,
            str(path),
            input_names=["ids", "pool"],
            output_names=["logits"],
            dynamic_axes={"ids": {1: "tokens"}, "pool": {0: "sentences", 1: "tokens"}, "logits": {0: "sentences"}},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.save(pack(onnx.load(path)), path)
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


class _Flat(torch.nn.Module):
    """The network for one window, its batch axis dropped from the output."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Any, pool: Any) -> Any:
        return self.network(ids, pool.unsqueeze(0), torch.ones_like(ids))[0]


def pack(model: Any) -> Any:
    """Replace every large float matrix by integers: multiplied as such, or unpacked where rows are looked up."""
    graph = model.graph
    large = {t.name: v for t in graph.initializer if (v := numpy_helper.to_array(t)).ndim == 2 and _worth_it(v)}
    multiplied = {n.input[1] for n in graph.node if n.op_type == "MatMul" and n.input[1] in large}
    kept = [t for t in graph.initializer if t.name not in large]
    tables, nodes = [], []
    for name, values in large.items():
        packed, scale = quantise(values, 1, SAFE) if name in multiplied else quantise(values, 0, FULL)
        kept += [numpy_helper.from_array(packed, f"{name}.int8"), numpy_helper.from_array(scale, f"{name}.scale")]
        if name not in multiplied:
            kept.append(numpy_helper.from_array(np.zeros(len(scale), np.int8), f"{name}.zero"))
            inputs = [f"{name}.{part}" for part in ("int8", "scale", "zero")]
            tables.append(helper.make_node("DequantizeLinear", inputs, [name], axis=0))
    seen: set[str] = set()
    for node in graph.node:
        nodes += _multiply(node, seen) if node.op_type == "MatMul" and node.input[1] in multiplied else [node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(tables + nodes)
    onnx.checker.check_model(model)
    return model


def _worth_it(values: NDArray[Any]) -> bool:
    return values.dtype == np.float32 and values.size >= _SMALLEST


def _multiply(node: Any, seen: set[str]) -> list[Any]:
    """The nodes of an integer product: quantise the left side (once), multiply, scale back."""
    left, right, out = node.input[0], node.input[1], node.output[0]
    nodes = []
    if left not in seen:
        seen.add(left)
        nodes.append(helper.make_node("DynamicQuantizeLinear", [left], [f"{left}.q", f"{left}.s", f"{left}.z"]))
    return [
        *nodes,
        helper.make_node("MatMulInteger", [f"{left}.q", f"{right}.int8", f"{left}.z"], [f"{out}.sum"]),
        helper.make_node("Cast", [f"{out}.sum"], [f"{out}.float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{left}.s", f"{right}.scale"], [f"{out}.scale"]),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]


def quantise(values: NDArray[np.float32], axis: int, levels: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric integers up to ``levels`` and one scale for each index along ``axis``.

    Returns
    -------
    tuple of ndarray
        ``values`` is about ``packed * scale``, with an error of at most half a scale.
    """
    other = 1 - axis
    scale = (np.abs(values).max(axis=other) / levels).astype(np.float32)
    scale[scale == 0] = 1.0
    shaped = scale[:, None] if axis == 0 else scale[None, :]
    return np.clip(np.round(values / shaped), -levels, levels).astype(np.int8), scale
