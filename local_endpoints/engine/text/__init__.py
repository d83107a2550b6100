"""The text engine: continuous batching, sampling, and pictures in prompts."""
