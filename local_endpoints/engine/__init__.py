"""The text engine: onnxruntime, slots of keys and values, and continuous batching. No torch."""
