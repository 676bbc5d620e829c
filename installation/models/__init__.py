"""Models: where a card, a network and a backend meet. What the generators and the ``models`` commands play."""
