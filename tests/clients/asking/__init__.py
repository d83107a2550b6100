"""One client library each: run in an environment that has it, with nothing else of this project.

They know an endpoint as a learner does: an address, a token and a model's name.
"""
