"""Write a fine-tuned network as ONNX with 8-bit weights (needs ``pip install starcheck[train]``).

Weight-only: each large matrix is stored as int8 with one scale per output column and unpacked when
the model is loaded. Activations stay 32-bit floats, so a result depends on nothing but its input.
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

from starcheck.training.finetune import Network

OPSET = 17
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
    """Replace every large float matrix by int8 values and a DequantizeLinear node."""
    graph = model.graph
    nodes, kept = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < _SMALLEST:
            kept.append(tensor)
            continue
        axis = 0 if _is_table(graph, tensor.name) else 1
        packed, scale = quantise(values, axis)
        name = tensor.name
        kept += [
            numpy_helper.from_array(packed, f"{name}.int8"),
            numpy_helper.from_array(scale, f"{name}.scale"),
            helper.make_tensor(f"{name}.zero", TensorProto.INT8, [len(scale)], np.zeros(len(scale), np.int8)),
        ]
        nodes.append(
            helper.make_node("DequantizeLinear", [f"{name}.int8", f"{name}.scale", f"{name}.zero"], [name], axis=axis)
        )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)
    onnx.checker.check_model(model)
    return model


def _is_table(graph: Any, name: str) -> bool:
    """Whether a tensor is looked up by row (an embedding) rather than multiplied."""
    return any(node.op_type == "Gather" and node.input[0] == name for node in graph.node)


def quantise(values: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric 8-bit values and one scale for each index along ``axis``.

    Returns
    -------
    tuple of ndarray
        ``values`` is about ``packed * scale``, with an error of at most half a scale.
    """
    other = 1 - axis
    scale = (np.abs(values).max(axis=other) / 127).astype(np.float32)
    scale[scale == 0] = 1.0
    shaped = scale[:, None] if axis == 0 else scale[None, :]
    return np.clip(np.round(values / shaped), -127, 127).astype(np.int8), scale
