"""Network definitions: pure torch, importing nothing of ours, friendly to export (static shapes, no random inside).

Every network has ``from_state(state)``: built from a checkpoint's tensors, it raises ValueError when a name,
a shape or a number is not what the family has.
"""
