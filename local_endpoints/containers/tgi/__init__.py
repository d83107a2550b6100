"""The Text Generation Inference 3.3.7 dialect (huggingface/text-generation-inference)."""
