"""Drills of what a small model needs most: to copy what it has never seen, and to read a list."""
