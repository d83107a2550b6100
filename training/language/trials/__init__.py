"""Prompts written by hand: what the models are asked beside what a program draws."""
