"""What containers of text models share, whatever dialect they speak: the chat template, the images
of a prompt, generations and their streams.

Nothing here words an answer: what goes wrong is raised as one of `errors`, and the dialect says it
in the words of the server that it imitates.

Pixels are an *image* here, as on the wire (``image_url``, ``<image>``), in names as in docstrings;
what Docker runs is a *container image*, in full. *Picture* is left to texts for people, where it
cannot be taken for the other.
"""
