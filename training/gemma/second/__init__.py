"""Training of the pocket Gemma, second edition."""
