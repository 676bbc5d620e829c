"""``train image``: a network that sees anything as what it was shown (networks/resight.py).

chain.py           from a picture of the folder to what the network may see of it
discriminator.py   says of places in a picture how real they look
losses.py          what the two are taught by
crawl.py           how much moves by itself when a picture is panned
trainer.py         the step
showing.py         sheets and films of what it has become
"""
