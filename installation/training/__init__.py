"""How models come to be: from an artist's folder of pictures to a model folder that a show performs.

trainer.py      what every trainer is; gan/, image/, texture/, style/ are trainers
run.py          the run around one: budget, checkpoints, resuming, the page, sheets and films
data/           folders of pictures, looked through and drawn from
"""
