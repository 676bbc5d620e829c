"""``train gan``: a StyleGAN2 from a folder of pictures."""
