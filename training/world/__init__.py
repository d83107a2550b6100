"""The pocket world: one animal in a scene, drawn from a handful of attributes and a seed.

Needs Pillow and nothing else. The attributes give the picture (``draw``) and the texts about it
(``prompts``), so every picture of the pocket models' training comes with words that are true.
"""
