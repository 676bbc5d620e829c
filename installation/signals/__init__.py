"""Signals: where sources leave values and the loop finds them."""
