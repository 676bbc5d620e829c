"""``train texture``: a picture becomes a texture that grows, lives and heals (networks/texture.py).

automata.py     several automata as one, so that a GPU is kept busy
likeness.py     how far a state is from its picture: optimal transport of VGG features
trainer.py      the pool of states, the wounds, the step
showing.py      sheets and films of what it has become
"""
