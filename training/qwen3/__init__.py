"""Training of the pocket Qwen3."""
