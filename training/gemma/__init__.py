"""The pocket Gemma: its data generator, tokenizer, training and evaluation."""
