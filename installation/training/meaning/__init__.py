"""A direction of a model's latent space is given a meaning by examples: after InterFaceGAN (Shen et al. 2020,
1907.10786), which looks for the plane in the latent space that parts pictures with a property from those without.

features.py    what VGG16 sees in a picture, as a row of numbers
judge.py       a linear judge of such rows, taught by two groups of pictures; how well it does on ones it has not seen
cloud.py       how a model's latents lie, and the way through them along which a score grows
find.py        all of it: the model's own pictures are painted and judged
showing.py     the contact sheet of a direction
"""
