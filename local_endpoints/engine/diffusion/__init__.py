"""The image engine: an SDXL pipeline in onnxruntime, with continuous batching. No torch.

Driven in one's own process, without HTTP::

    pipeline = DiffusionPipeline(folder)
    request = ImageRequest("A llama in the snow", num_inference_steps=20, seed=1)
    (image,) = pipeline.generate([request])

    engine = ImageEngine(pipeline)
    engine.start()
    image = engine.submit(request).result()
    engine.stop()
"""
