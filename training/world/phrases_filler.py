"""Words that prompts are full of and that change nothing in a picture of the pocket world."""

from __future__ import annotations

ADJECTIVES = (
    "cute", "little", "adorable", "charming", "friendly", "sweet", "funny", "lovely", "happy",
    "whimsical", "cuddly", "cheerful", "curious", "proud", "cartoon", "small", "smiling",
    "anthropomorphic", "clever", "kind", "gentle", "playful", "sleepy", "young", "brave",
)  # fmt: skip
FIGURES = (
    "illustration", "painting", "picture", "drawing", "watercolor painting", "cartoon", "image",
    "photo", "portrait", "sketch", "digital painting", "oil painting", "vector illustration",
    "children's book illustration", "photograph", "storybook illustration", "rendering",
    "digital illustration", "poster", "sticker", "postcard", "crayon drawing", "3d render",
)  # fmt: skip
FIGURE_ADJECTIVES = (
    "whimsical", "cute", "beautiful", "charming", "colorful", "simple", "playful", "detailed",
    "lovely", "delightful", "flat", "cheerful", "high quality", "minimalist", "vibrant", "artistic",
    "elegant", "stunning", "hand-drawn", "adorable",
)  # fmt: skip
REQUESTS = (
    "draw", "paint", "please draw", "draw me", "show me", "create", "generate", "make", "imagine",
    "can you draw", "i want to see", "please paint", "please show me", "give me", "i would like",
)  # fmt: skip
TAILS = (
    "digital art", "highly detailed", "8k", "4k", "cinematic lighting", "watercolor",
    "children's book illustration", "flat design", "vector art", "trending on artstation",
    "soft light", "masterpiece", "best quality", "high quality", "cartoon style", "cute",
    "storybook style", "pastel colors", "sharp focus", "illustration", "concept art", "hd",
    "detailed", "vibrant colors", "oil on canvas", "studio lighting", "beautiful", "minimalist",
    "professional", "anime style", "pixel art", "warm light", "soft shading", "whimsical",
    "simple shapes", "kawaii", "clean lines", "centered", "full body", "in the style of a cartoon",
    "children's drawing", "award winning", "ultra detailed", "bright colors", "intricate",
)  # fmt: skip
FLAWS = (
    "blurry", "low quality", "bad quality", "ugly", "deformed", "distorted", "text", "watermark",
    "worst quality", "bad anatomy", "noise", "artifacts", "cropped", "out of focus", "jpeg",
    "extra limbs", "signature", "disfigured", "duplicate", "low resolution", "grainy", "pixelated",
)  # fmt: skip
"""What people write into negative prompts."""
_STRANGE = """
    car majestic robot castle dragon guitar bicycle volcano mountain river city street skyscraper
    airplane rocket spaceship astronaut pirate knight wizard king queen princess ninja samurai
    dinosaur elephant giraffe lion tiger horse dog puppy wolf deer hamster mouse chicken duck
    fish shark seal dolphin octopus spider butterfly bee ant snake turtle alligator zebra monkey
    panda koala kangaroo donkey sheep goat cow pig beaver badger train truck bus boat ship
    submarine airship scooter tractor bridge tower temple church palace house window gate
    kitchen bedroom library school hospital museum market factory office garden jungle desert
    forest lake cliff island cave canyon swamp rain storm lightning thunder rainbow fog wind
    fire smoke ice lava crystal diamond treasure sword shield arrow hammer axe wrench rope
    chain key lock clock watch phone camera television radio piano cello drum trumpet flute
    microphone speaker lamp candle lantern torch mirror chair table desk bed carpet curtain
    umbrella suitcase backpack wallet ring necklace crown mask gloves boots shoes socks trousers
    skirt gown coat jacket uniform armor helmet apple banana grape melon strawberry carrot
    potato tomato onion pizza burger pasta soup salad rice noodle cheese butter egg sausage
    chocolate coffee juice milk wine pencil statue sculpture newspaper letter
    envelope stamp map compass telescope microscope magnet battery engine wheel ladder bucket
    shovel broom football tennis chess dice puzzle kite swing slide circus juggler magician dancer
    singer teacher doctor waiter baker sailor cowboy detective scientist philosopher gigantic
    ancient futuristic gothic baroque cyberpunk steampunk neon metallic glass marble ceramic plastic
    rusty broken haunted mysterious invisible electric nuclear quantum abstract surreal geometric
    symmetric chaotic serious angry lonely noble heroic epic dramatic dynamic glowing melted
    frozen flying running jumping dancing swimming sleeping cooking fishing climbing tuesday
    history economy freedom justice democracy algorithm internet server endpoint database
    keyboard printer satellite planet galaxy comet meteor alien zombie vampire ghost skeleton
    """
STRANGE_WORDS = tuple(_STRANGE.split())
"""Things and qualities that the pocket world does not have; none of `sdxl.asked.SUBJECTS`."""
