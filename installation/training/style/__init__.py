"""``train style``: a painting becomes a fast network that paints everything so (networks/fast_style.py).

painter.py      the network while it learns, and its tensors as the published network has them
losses.py       what is in the picture, how it is painted, and that it stays so while the camera moves
trainer.py      the step, sheets, films
"""
