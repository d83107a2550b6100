"""The engines, on onnxruntime, without torch or HTTP: texts in `text`, pictures in `diffusion`.

Each is a `worker.Worker`: a thread with a queue, whose steps work on everybody's request at once.
Containers that share a process share engines, too: each asks its `part.Part` of one.
"""
