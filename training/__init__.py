"""Training of the pocket models: data, graphs, loops. Needs the extra ``training``."""
