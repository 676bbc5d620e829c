"""Backends: what runs a network. The table is the house's own: a backend is trusted with the device."""
