"""The ``train`` commands: each makes a trainer, and the course around it is the same.

asked.py      what every training is asked; names and words for the card
given.py      pictures opened, and what is wrong with them; VGG16; the device
course.py     from a trainer to a model in ``models/``
"""
