"""Measures a show performed from a take: what the generator costs alone, what drawing costs, what the rest adds."""
