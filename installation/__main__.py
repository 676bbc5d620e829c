"""``python -m installation``"""

from installation.cli import main

main()
