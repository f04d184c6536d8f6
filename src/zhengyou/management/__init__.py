"""Register of the background and command entry points: thin commands, one action each."""
