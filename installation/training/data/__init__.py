"""Pictures to learn from: looked through, kept on the device, drawn from.

folder.py      is this a folder of pictures to train on? everything that is wrong with it, at once
about.py       data.yaml: what the pictures are, whose, and how crops are made
pictures.py    a folder as something a trainer draws from
pairs.py       pairs of pictures, for pix2pix
crops.py       random crops of large pictures and maps of the whole earth, made on the device
sets.py        sets of pictures that can be had from package registries
"""
