"""Hugging Face's Inference Toolkit 0.5.6 with a text-to-image pipeline."""
