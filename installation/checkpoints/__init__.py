"""Checkpoints: model cards, where weights come from, and how they become plain tensors."""
