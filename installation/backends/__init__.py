"""Backends: what runs a network. The table is the house's own: a backend is trusted with the device."""

BACKENDS = ("openvino", "torch")  # in the order ``auto`` tries them
PRECISIONS = ("fp32", "bf16")
