"""What each command of cli/ does. They call the rooms below and print through terminal.py."""
