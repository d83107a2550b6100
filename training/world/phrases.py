"""The words for everything in the pocket world. The first of a tuple is the most usual one."""

from __future__ import annotations

Words = tuple[str, ...]

ANIMAL_NAMES: dict[str, Words] = {
    "llama": ("llama", "llama", "alpaca", "baby llama"),
    "fox": ("fox", "fox cub", "baby fox"),
    "cat": ("cat", "kitten", "kitty", "pussycat"),
    "penguin": ("penguin", "penguin", "baby penguin"),
    "bear": ("bear", "teddy bear", "teddy", "bear cub"),
    "owl": ("owl", "owl", "owlet", "baby owl"),
    "rabbit": ("rabbit", "bunny", "bunny rabbit", "hare"),
    "frog": ("frog", "frog", "froggy", "tree frog"),
}
LIMBS: dict[str, str] = {
    "llama": "hoof",
    "fox": "paw",
    "cat": "paw",
    "penguin": "wing",
    "bear": "paw",
    "owl": "wing",
    "rabbit": "paw",
    "frog": "hand",
}
COLOR_NAMES: dict[str, Words] = {
    "red": ("red", "crimson", "scarlet", "bright red", "ruby red", "cherry red"),
    "blue": ("blue", "navy", "navy blue", "royal blue", "cobalt blue", "azure"),
    "green": ("green", "emerald", "emerald green", "bright green", "dark green", "olive green"),
    "yellow": ("yellow", "golden", "lemon yellow", "bright yellow", "sunny yellow", "gold"),
    "purple": ("purple", "violet", "lavender", "lilac", "plum", "deep purple"),
    "orange": ("orange", "bright orange", "tangerine", "amber", "pumpkin orange"),
    "pink": ("pink", "rose", "rose pink", "hot pink", "pale pink", "magenta"),
    "white": ("white", "ivory", "cream", "pure white", "off-white"),
}
CLOTHING_NAMES: dict[str, Words] = {
    "sweater": ("sweater", "jumper", "pullover", "knitted sweater", "striped sweater"),
    "scarf": ("scarf", "scarf", "knitted scarf", "woolly scarf", "neck scarf"),
    "bow tie": ("bow tie", "bowtie", "bow tie", "bow-tie"),
}
HAT_NAMES: dict[str, Words] = {
    "top hat": ("top hat", "top hat", "tophat", "tall top hat"),
    "party hat": ("party hat", "birthday hat", "party hat", "pointed party hat", "paper party hat"),
    "beanie": ("beanie", "woolly hat", "bobble hat", "knitted hat", "winter hat", "knit cap"),
    "straw hat": ("straw hat", "straw hat", "sun hat", "straw sun hat", "wide-brimmed straw hat"),
}
HELD_NAMES: dict[str, Words] = {
    "cookbook": ("cookbook", "recipe book", "book", "cookery book", "book of recipes"),
    "cup of tea": ("cup of tea", "mug of tea", "teacup", "cup of hot tea", "tea cup"),
    "flower": ("flower", "flower", "blossom", "flower", "bloom"),
    "balloon": ("balloon", "balloon", "party balloon", "balloon on a string", "toy balloon"),
    "laptop": ("laptop", "laptop computer", "computer", "notebook computer"),
}
ITEM_ADJECTIVES: dict[str, Words] = {
    "sweater": ("warm", "cozy", "soft", "comfy", "thick", "oversized"),
    "scarf": ("warm", "cozy", "soft", "long", "thick", "elegant"),
    "bow tie": ("elegant", "neat", "fancy", "stylish", "smart", "dapper"),
    "top hat": ("elegant", "fancy", "stylish", "smart", "fine", "dapper"),
    "party hat": ("festive", "funny", "colorful", "jolly", "cheerful"),
    "beanie": ("warm", "cozy", "soft", "comfy", "thick"),
    "straw hat": ("stylish", "nice", "old", "charming", "rustic"),
    "cookbook": ("old", "vintage", "worn", "worn, vintage", "worn, old", "beloved", "thick"),
    "cup of tea": ("warm", "hot", "steaming", "nice", "small"),
    "flower": ("pretty", "beautiful", "fresh", "lovely", "delicate", "single"),
    "balloon": ("big", "shiny", "round", "floating", "festive"),
    "laptop": ("modern", "new", "open", "small", "shiny"),
}
HOLDING: dict[str, Words] = {
    "cookbook": ("reading", "showing", "holding up"),
    "cup of tea": ("drinking", "sipping", "enjoying"),
    "flower": ("offering", "showing", "holding up"),
    "balloon": ("playing with", "holding on to", "holding up"),
    "laptop": ("using", "working on", "typing on"),
}
GLASSES_NAMES: Words = (
    "glasses",
    "glasses",
    "round glasses",
    "spectacles",
    "eyeglasses",
    "a pair of glasses",
    "reading glasses",
    "round spectacles",
    "specs",
)
TEA_NAMES: Words = (
    "a cup of tea",
    "a warm cup of tea",
    "a steaming cup of tea",
    "a mug of tea",
    "a hot cup of tea",
    "a teacup",
)
TREAT_NAMES: Words = (
    "treats",
    "freshly baked treats",
    "a few freshly baked treats",
    "cookies",
    "baked treats",
    "some cookies",
    "biscuits",
    "a few cookies",
    "pastries",
    "a plate of treats",
    "cookies and cupcakes",
)
FLOWER_NAMES: Words = (
    "flowers",
    "blooming flowers",
    "colorful flowers",
    "some flowers",
    "wildflowers",
    "pretty flowers",
    "blossoms",
    "blossoming flowers",
)
BESIDE: Words = (
    "nearby",
    "on the ground",
    "beside it",
    "next to it",
    "at its feet",
    "in the foreground",
)
"""Where a single thing on the ground is."""
AROUND: Words = (*BESIDE, "around it", "all around", "scattered around")
"""Where several things on the ground are."""
PLACES: dict[str, Words] = {
    "rustic wood": (
        "in front of a wooden wall",
        "against rustic wood",
        "in a barn",
        "against a rustic wooden wall",
        "in a wooden cabin",
        "in front of wooden planks",
        "in front of a barn wall",
        "in a log cabin",
        "before a rustic wooden background",
        "inside a wooden hut",
    ),
    "starry night": (
        "at night",
        "under the stars",
        "on a starry night",
        "under a starry sky",
        "under the night sky",
        "in the moonlight",
        "beneath the stars",
        "on a clear night",
        "under the moon and the stars",
        "against a starry night sky",
    ),
    "field": (
        "in a field",
        "in a meadow",
        "on a green meadow",
        "in the grass",
        "in a grassy field",
        "in a sunny meadow",
        "in the countryside",
        "in a green field",
        "on the green hills",
        "on a grassy hill",
    ),
    "snow": (
        "in the snow",
        "in a snowy landscape",
        "in the snow",
        "in winter",
        "on a snowy day",
        "in a winter landscape",
        "in a winter wonderland",
        "surrounded by snow",
        "on a winter day",
        "in deep snow",
    ),
    "beach": (
        "on the beach",
        "at the beach",
        "by the sea",
        "at the seaside",
        "on a sandy beach",
        "by the ocean",
        "on the seashore",
        "on a sunny beach",
        "near the sea",
        "at the coast",
    ),
    "sky": (
        "in the sky",
        "among the clouds",
        "in the clouds",
        "against a blue sky",
        "up in the sky",
        "above the clouds",
        "high up in the clouds",
        "in the blue sky",
        "between fluffy clouds",
        "surrounded by clouds",
    ),
}
BACKDROPS: dict[str, Words] = {
    "rustic wood": (
        "rustic wood",
        "wooden planks",
        "rustic wooden boards",
        "weathered wood",
        "old barn wood",
        "wood",
    ),
    "starry night": (
        "stars",
        "the night sky",
        "twinkling stars",
        "a starry night",
        "a starry sky",
        "moon and stars",
    ),
    "field": (
        "green fields",
        "a green meadow",
        "rolling meadows",
        "green hills",
        "grassy fields",
        "a sunny field",
    ),
    "snow": ("snow", "soft snow", "a snowy landscape", "winter snow", "falling snow", "deep snow"),
    "beach": (
        "sand and sea",
        "a sandy beach",
        "sea and sand",
        "a sunny beach",
        "the beach",
        "the seaside",
    ),
    "sky": (
        "blue sky",
        "fluffy clouds",
        "clouds",
        "sky and clouds",
        "soft clouds",
        "a cloudy sky",
    ),
}
"""What stands after "a background of"; also fits after "the background shows"."""
SETTINGS: dict[str, Words] = {
    "rustic wood": ("rustic wood", "wooden wall", "barn", "wooden background", "log cabin"),
    "starry night": ("starry night", "night sky", "night", "stars", "starry sky", "moonlit night"),
    "field": ("field", "meadow", "green meadow", "grassy field", "countryside", "grass"),
    "snow": ("snow", "snowy landscape", "winter", "winter landscape", "snowy background"),
    "beach": ("beach", "seaside", "sandy beach", "sea", "ocean", "seashore"),
    "sky": ("sky", "clouds", "blue sky", "cloudy sky", "sky background"),
}
"""What stands alone between two commas."""
NEGATIONS: dict[str, Words] = {
    "hat": ("without a hat", "with no hat", "bareheaded", "not wearing a hat"),
    "glasses": ("without glasses", "with no glasses", "not wearing glasses"),
    "clothing": ("without clothes", "with no clothes", "not wearing any clothes"),
    "held": ("empty-handed", "holding nothing", "with nothing in its hands"),
    "flowers": ("without flowers", "with no flowers around"),
    "treats": ("without treats", "with no cookies around"),
    "tea": ("without tea", "with no tea around"),
}
SHORT_NEGATIONS: dict[str, Words] = {
    "hat": ("no hat", "without a hat", "no hats"),
    "glasses": ("no glasses", "without glasses"),
    "clothing": ("no clothes", "without clothes", "no clothing"),
    "held": ("empty-handed", "holding nothing", "empty hands"),
    "flowers": ("no flowers", "without flowers"),
    "treats": ("no treats", "no cookies"),
    "tea": ("no tea", "without tea"),
}
