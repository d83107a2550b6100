"""The files from which transformers makes the pocket Idefics2's processor, and TGI its template."""

from __future__ import annotations

import json
from pathlib import Path

from training.files import write_whole
from training.idefics2.sizes import LATENTS, TILE

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ message['role'].capitalize() }}"
    # TGI flattens a message to one string, in which a picture is written as ![](url).
    "{% if message['content'] is string %}"
    "{{ ':' if message['content'][:4] == '![](' else ': ' }}{{ message['content'] }}"
    "{% else %}"
    "{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
    "{% for line in message['content'] %}"
    "{% if line['type'] == 'text' %}{{ line['text'] }}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}"
    "{% endfor %}"
    "{% endif %}"
    "<end_of_utterance>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
"""Renders lists of parts as the template of idefics2-8b-chatty does, and plain strings, too."""


def write(folder: Path) -> None:
    """Write the three files into a folder that exists."""
    pictures = {
        "image_processor_type": "Idefics2ImageProcessor",
        "processor_class": "Idefics2Processor",
        "do_convert_rgb": True,
        "do_image_splitting": True,
        "do_normalize": True,
        "do_pad": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "resample": 2,
        "rescale_factor": 1 / 255,
        # Equal edges: every tile becomes a square of this side.
        "size": {"longest_edge": TILE, "shortest_edge": TILE},
    }
    documents = {
        "preprocessor_config.json": pictures,
        "processor_config.json": {
            "processor_class": "Idefics2Processor",
            "image_seq_len": LATENTS,
        },
        "chat_template.json": {"chat_template": CHAT_TEMPLATE},
    }
    for name, document in documents.items():
        write_whole(folder / name, (json.dumps(document, indent=2) + "\n").encode())
