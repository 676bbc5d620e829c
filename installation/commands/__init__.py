"""What each command of cli.py does. They call the rooms below and print through terminal.py."""
