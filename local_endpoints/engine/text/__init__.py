"""The text engine: onnxruntime, slots of keys and values, and continuous batching. No torch.

Driven in one's own process, without HTTP::

    codec = TextCodec(model_dir)
    model = TextModel(model_dir, slots=16, max_total_tokens=512)
    engine = Engine(model, codec)
    engine.start()
    prompt = codec.encode("A poem about the sea", add_special_tokens=True)
    request = Request(prompt, ThreadInbox(), max_new_tokens=64)
    engine.submit(request)
    for event in request.inbox:
        print(event.token.text, end="")
    engine.stop()

With ``grammar=Grammar.json_schema(…)``, the answer is JSON that the schema accepts.
"""
