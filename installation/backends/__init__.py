"""Backends: what runs a network. The table is the house's own: a backend is trusted with the device."""

BACKENDS = ("tensorrt", "openvino", "torch")
PRECISIONS = ("fp32", "bf16", "fp16")
