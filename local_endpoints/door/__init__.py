"""Lets connections in: how many, how much they may send before anybody knows who they are, and how
slowly."""
