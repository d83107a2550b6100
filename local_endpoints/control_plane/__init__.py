"""Endpoints: what was asked for, what may happen to them, what they cost."""
