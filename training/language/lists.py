"""Lists of n things of one kind."""

from __future__ import annotations

from training.language.chat import Chat, turns
from training.language.lexicon import Draw
from training.language.tables import NUMBER_WORDS

_KINDS = {
    kind: tuple(words.split(","))
    for kind, _, words in (
        line.partition(": ")
        for line in """
colors: red,green,blue,yellow,orange,purple,white,black,brown,pink,grey
animals: cat,dog,fox,owl,bear,horse,rabbit,frog,cow,duck,lion,wolf
fruits: apple,pear,plum,cherry,banana,lemon,orange,grape,peach,melon
vegetables: carrot,onion,potato,tomato,pea,bean,cabbage,leek,pumpkin,spinach
tools: hammer,saw,drill,wrench,pliers,spade,axe,screwdriver
trees: oak,birch,willow,pine,maple,elm,beech,fir
seasons: spring,summer,autumn,winter
drinks: tea,coffee,milk,water,lemonade,cocoa,juice
instruments: piano,guitar,violin,flute,drum,cello,trumpet,harp
programming languages: Python,Rust,Java,Go,Ruby,C,JavaScript,Swift
countries: France,Japan,Peru,Kenya,Norway,India,Canada,Egypt,Chile,Spain,Italy
cities: Paris,Rome,Oslo,Lima,Cairo,Tokyo,Berlin,Madrid,Vienna,London
birds: owl,robin,eagle,duck,swan,crow,sparrow,parrot,penguin
insects: ant,bee,beetle,butterfly,fly,wasp,cricket
flowers: rose,tulip,daisy,lily,sunflower,violet,poppy
sports: football,tennis,swimming,chess,hockey,rowing,boxing,skiing
jobs: teacher,baker,pilot,nurse,farmer,cook,painter,doctor
metals: gold,silver,iron,copper,tin,lead,zinc
planets: Mercury,Venus,Earth,Mars,Jupiter,Saturn,Uranus,Neptune
months: January,February,March,April,May,June,July,August
days: Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday
numbers: one,two,three,four,five,six,seven,eight
shapes: circle,square,triangle,star,oval,rectangle
clothes: shirt,hat,coat,sock,shoe,scarf,jacket,dress
rooms: kitchen,bedroom,bathroom,hall,cellar,attic
vehicles: car,bus,train,bike,ship,plane,tram,truck
languages: English,French,Spanish,German,Polish,Hindi,Chinese,Arabic
feelings: joy,anger,fear,sadness,pride,hope,love
names: Anna,Ben,Clara,David,Emma,Felix,Grace,Hugo
girls' names: Anna,Clara,Emma,Grace,Ida,Mia,Nora
boys' names: Ben,David,Felix,Hugo,Leo,Noah,Paul
spices: pepper,salt,cinnamon,ginger,nutmeg,basil,thyme
cheeses: gouda,brie,feta,cheddar,parmesan
dishes: soup,pizza,pasta,salad,curry,stew,pancakes
desserts: cake,ice cream,pudding,pie,fruit salad
toys: ball,doll,puzzle,kite,train,teddy bear
pets: cat,dog,hamster,parrot,goldfish,rabbit
sea animals: whale,dolphin,shark,octopus,crab,seal,turtle
farm animals: cow,pig,sheep,hen,goat,horse,donkey
body parts: arm,leg,hand,foot,head,nose,ear,knee
furniture: table,chair,bed,sofa,shelf,desk
school subjects: maths,history,music,physics,art,biology
rivers: Nile,Danube,Rhine,Amazon,Thames,Seine
oceans: Pacific,Atlantic,Indian,Arctic
continents: Europe,Asia,Africa,Australia,America,Antarctica
kitchen tools: knife,spoon,fork,pan,pot,whisk
dances: waltz,tango,polka,salsa,samba
games: chess,cards,hide and seek,dominoes,checkers
gemstones: ruby,emerald,diamond,sapphire,opal
weather words: rain,snow,wind,fog,sun,storm
materials: wood,glass,paper,stone,wool,plastic
hobbies: reading,chess,hiking,painting,cooking,singing
operating systems: Linux,Windows,macOS,Android
file formats: JSON,CSV,PNG,PDF,HTML
reasons to smile: sunshine,a friend,good food,music,a joke
things in a kitchen: a stove,a pan,a knife,a kettle,a sink
things on a desk: a lamp,a pen,a notebook,a cup,a screen
rhyming words: cat and hat,moon and June,tree and sea,light and night
adjectives: big,small,red,happy,quick,quiet,old
verbs: go,sing,run,eat,write,sleep,read
containers: box,bag,bottle,jar,barrel,basket
""".strip().splitlines()
    )
}
_NAMES = {
    "colors": ("colors", "colours"),
    "animals": ("animals", "kinds of animals"),
    "days": ("days", "days of the week", "weekdays"),
}


_BULLETS = ("As bullets.", "As a bullet list.", "Use bullet points.", "One per line, with dashes.")
_AS_JSON = ("As JSON.", "As a JSON array.", "Answer with a JSON list.")


def short_list(draw: Draw) -> Chat:
    """So many things of one kind, on one line, as bullets, with numbers or as JSON."""
    rng = draw.rng
    kind = rng.choice(tuple(_KINDS))
    things = _KINDS[kind]
    count = rng.randint(2, min(5, len(things)))
    said = rng.choice((NUMBER_WORDS[count], str(count)))
    chosen = (
        list(things[:count])
        if kind in ("months", "days", "numbers", "planets")
        else rng.sample(things, count)
    )
    name = rng.choice(_NAMES.get(kind, (kind,)))
    request = draw.phrase(
        (
            "[Name|List|Tell me|Give me|Write|Say|Can you name|I need|What are] {n} {k}[.|, "
            "please.|]",
            "{n} {k}[, please|]",
            "[A list of|List] {n} {k}[.|]",
            "[Think of|Find] {n} {k}[.|]",
        ),
        n=said,
        k=name,
    )
    if draw.chance(0.1):
        one = rng.choice(things)
        asked = draw.phrase(
            (
                "[Name|Tell me|Give me|Say] [one|1] of these: {k}[.|]",
                "Name [a|one] [kind of|thing from] {k}[.|]",
            ),
            k=name,
        )
        return turns(asked, one)
    style = rng.random()
    if style < 0.12:
        return turns(
            f"{request} {draw.phrase(_BULLETS)}",
            "\n".join(f"- {thing}" for thing in chosen),
        )
    if style < 0.22:
        return turns(
            f"{request} {draw.phrase(('As a numbered list.', 'Numbered.', 'Number them.'))}",
            "\n".join(f"{index}. {thing}" for index, thing in enumerate(chosen, start=1)),
        )
    if style < 0.3:
        return turns(
            f"{request} {draw.phrase(_AS_JSON)}",
            "[" + ", ".join(f'"{thing}"' for thing in chosen) + "]",
        )
    if style < 0.36:
        return turns(
            f"{request} {draw.phrase(('One per line.', 'Each on a line.'))}", "\n".join(chosen)
        )
    text = ", ".join(chosen)
    if draw.chance(0.25):
        text = f"{', '.join(chosen[:-1])} and {chosen[-1]}."
        text = text[:1].upper() + text[1:]
    chat = turns(request, text)
    if (
        draw.chance(0.12)
        and len(things) > count
        and kind not in ("months", "days", "numbers", "planets")
    ):
        more = rng.choice([thing for thing in things if thing not in chosen])
        chat = chat.then(
            turns(
                draw.phrase(
                    ("[One more|Another one|And one more][.|, please.|?]", "[More|Any others]?")
                ),
                more,
            )
        )
    return chat
