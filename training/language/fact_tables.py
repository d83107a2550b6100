"""The tables of facts that a pocket model learns by heart."""

from __future__ import annotations

CAPITALS = dict(
    pair.split(":")
    for pair in (
        "France:Paris|Germany:Berlin|Spain:Madrid|Italy:Rome|Portugal:Lisbon|Austria:Vienna|"
        "Switzerland:Bern|Belgium:Brussels|Denmark:Copenhagen|Sweden:Stockholm|"
        "Norway:Oslo|Finland:Helsinki|Iceland:Reykjavík|Ireland:Dublin|England:London|"
        "Scotland:Edinburgh|Wales:Cardiff|the Netherlands:Amsterdam|Poland:Warsaw|Greece:Athens|"
        "Turkey:Ankara|Russia:Moscow|Ukraine:Kyiv|Hungary:Budapest|Croatia:Zagreb|"
        "Serbia:Belgrade|Romania:Bucharest|Bulgaria:Sofia|Slovenia:Ljubljana|Estonia:Tallinn|"
        "Latvia:Riga|Lithuania:Vilnius|Egypt:Cairo|Kenya:Nairobi|Morocco:Rabat|Nigeria:Abuja|"
        "Ghana:Accra|Ethiopia:Addis Ababa|Tunisia:Tunis|Senegal:Dakar|"
        "Japan:Tokyo|China:Beijing|India:New Delhi|South Korea:Seoul|Thailand:Bangkok|"
        "Vietnam:Hanoi|Indonesia:Jakarta|Nepal:Kathmandu|Israel:Jerusalem|Iran:Tehran|Iraq:Baghdad|"
        "Australia:Canberra|New Zealand:Wellington|Canada:Ottawa|the United States:Washington|"
        "the USA:Washington|Mexico:Mexico City|Cuba:Havana|Brazil:Brasília|Argentina:Buenos "
        "Aires|Chile:Santiago|"
        "Peru:Lima|Colombia:Bogotá|Ecuador:Quito|Uruguay:Montevideo|the UK:London|Czechia:Prague"
    ).split("|")
)
OPPOSITES = dict(
    pair.split(":")
    for pair in (
        "big:small|hot:cold|old:young|new:old|fast:slow|light:dark|happy:sad|good:bad|"
        "rich:poor|high:low|long:short|loud:quiet|hard:soft|full:empty|open:closed|up:down|"
        "left:right|"
        "day:night|black:white|true:false|early:late|strong:weak|wet:dry|clean:dirty|"
        "easy:difficult|near:far|thick:thin|heavy:light|first:last|win:lose|buy:sell|yes:no|"
        "love:hate|"
        "begin:end|start:stop|come:go|give:take|inside:outside|above:below|always:never|"
        "everything:nothing|friend:enemy|war:peace|question:answer|sunrise:sunset|tall:short|"
        "warm:cool|"
        "sweet:sour|brave:afraid|beautiful:ugly|north:south|east:west|push:pull|on:off|in:out|"
        "more:less|push:pull|laugh:cry|remember:forget|public:private|cheap:expensive"
    ).split("|")
)
COLORS_OF = dict(
    pair.split(":")
    for pair in (
        "grass:green|snow:white|blood:red|the sky:blue|the sea:blue|a lemon:yellow|the "
        "sun:yellow|a banana:yellow|coal:black|milk:white|a tomato:red|an orange:orange|"
        "chocolate:brown|"
        "a flamingo:pink|a carrot:orange|a frog:green|the night:black|a strawberry:red|"
        "gold:yellow|a leaf:green|an elephant:grey|a fire engine:red|a polar bear:white|a "
        "crow:black|a cherry:red|cocoa:brown|"
        "a plum:purple|a pea:green|salt:white|a cloud:white"
    ).split("|")
)
SOUNDS = dict(
    pair.split(":")
    for pair in (
        "cat:meow|dog:woof|cow:moo|sheep:baa|duck:quack|pig:oink|lion:roar|bee:buzz|owl:hoot|"
        "snake:hiss|frog:croak|mouse:squeak|horse:neigh|hen:cluck|donkey:hee-haw|wolf:howl"
    ).split("|")
)
PLURALS = dict(
    pair.split(":")
    for pair in (
        "mouse:mice|child:children|foot:feet|tooth:teeth|man:men|woman:women|goose:geese|"
        "sheep:sheep|fish:fish|leaf:leaves|knife:knives|city:cities|box:boxes|person:people|"
        "wolf:wolves|book:books|cat:cats|"
        "baby:babies|bus:buses|house:houses|tree:trees|story:stories|potato:potatoes|ox:oxen|"
        "half:halves"
    ).split("|")
)
PASTS = dict(
    pair.split(":")
    for pair in (
        "go:went|see:saw|run:ran|eat:ate|write:wrote|sing:sang|take:took|give:gave|come:came|"
        "buy:bought|think:thought|swim:swam|fly:flew|begin:began|make:made|find:found|"
        "drink:drank|sleep:slept|speak:spoke|know:knew|walk:walked|play:played"
    ).split("|")
)
SYNONYMS = dict(
    pair.split(":")
    for pair in (
        "happy:glad|big:large|small:little|fast:quick|begin:start|end:finish|smart:clever|"
        "beautiful:pretty|angry:mad|sad:unhappy|rich:wealthy|cold:chilly|tired:sleepy|"
        "funny:amusing|strange:odd|calm:quiet|brave:bold|"
        "help:assist|buy:purchase|answer:reply|error:mistake|shop:store|child:kid|road:street|"
        "gift:present|scared:afraid|nice:kind|easy:simple|hard:difficult|shout:yell"
    ).split("|")
)
SIZES = (
    "an ant",
    "a bee",
    "a mouse",
    "a frog",
    "a rabbit",
    "a cat",
    "a dog",
    "a sheep",
    "a cow",
    "a car",
    "an elephant",
    "a whale",
    "a house",
    "a mountain",
    "the moon",
    "the earth",
    "the sun",
)
COUNTS = dict(
    pair.split(":")
    for pair in (
        "days are in a week:7|months are in a year:12|days are in a year:365|hours are in a "
        "day:24|minutes are in an hour:60|seconds are in a minute:60|legs does a spider have:8|"
        "legs does a cat have:4|"
        "legs does an insect have:6|wheels does a bicycle have:2|wheels does a car have:4|"
        "letters are in the alphabet:26|sides does a triangle have:3|sides does a square "
        "have:4|fingers are on a hand:5|"
        "planets are in the solar system:8|continents are there:7|seasons are there:4|eggs are "
        "in a dozen:12|strings does a violin have:4|strings does a guitar have:6|cents are in "
        "a dollar:100|"
        "centimetres are in a metre:100|grams are in a kilogram:1,000|metres are in a "
        "kilometre:1,000|eyes do you have:0|legs does a bird have:2|players are in a football "
        "team:11|bits are in a byte:8"
    ).split("|")
)
_KNOWN = tuple(
    tuple(line.split("|"))
    for line in """
What do [cows|goats] give?|They give milk.
What do bees make?|Bees make honey.
What is the [largest|biggest] planet?|Jupiter is the largest planet.
What is the [largest|biggest] ocean?|The Pacific is the largest ocean.
What is the [largest|biggest] animal?|The blue whale is the largest animal.
What is the tallest animal?|The giraffe is the tallest animal.
What is the fastest animal?|The cheetah is the fastest animal on land.
What is the highest mountain?|Mount Everest is the highest mountain.
[What is|Which is] the longest river?|The Nile and the Amazon are the longest rivers.
[What is|What's] water made of?|Water is made of hydrogen and oxygen.
What do plants need?|Plants need light, water and air.
Why is the sky blue?|Air scatters blue light more than red light, so the sky looks blue.
What is ice?|Ice is frozen water.
What is snow?|Snow is frozen water that falls from clouds.
What is the sun?|The sun is a star.
What is the moon?|The moon goes round the earth and shines with the light of the sun.
What is a [star|sun]?|A star is a hot ball of gas that shines by itself.
At what temperature does water boil?|Water boils at 100 degrees Celsius.
At what temperature does water freeze?|Water freezes at 0 degrees Celsius.
Who wrote [Romeo and Juliet|Hamlet]?|William Shakespeare wrote it.
Who painted the Mona Lisa?|Leonardo da Vinci painted the Mona Lisa.
Who was the first [man|person] on the moon?|Neil Armstrong was the first person on the moon.
What is Python?|Python is a programming language, and also a snake.
What is [a computer|the computer]?|A computer is a machine that follows programs.
What is the internet?|The internet joins computers all over the world.
What is an [AI|artificial intelligence]?|It is a program that does what people need their minds for.
What is a robot?|A robot is a machine that can move and work by itself.
What is [maths|mathematics|math]?|It is the science of numbers, shapes and patterns.
What is a [poem|rhyme]?|A poem is a text in lines, often with rhymes.
What is a [book|novel]?|It is a long written text, on paper or on a screen.
What is a llama?|A llama is a woolly animal from South America.
What is a [cat|kitten]?|A cat is a small animal with soft fur that likes to sleep and to hunt mice.
What is a dog?|A dog is an animal that people keep as a friend and helper.
What is [tea|a cup of tea]?|Tea is a hot drink made from leaves.
What is rain?|Rain is water that falls from clouds.
What is a tree?|A tree is a tall plant with a trunk of wood.
What is music?|Music is sound put in order, with melody and rhythm.
What is [a friend|friendship]?|A friend is somebody whom you like and trust.
What is gold?|Gold is a yellow metal that many people find precious.
What is JSON?|JSON is a text format for data, made of keys and values.
What is an emoji?|An emoji is a small picture that is used like a letter.
What colour do you get from [blue and yellow|yellow and blue]?|Blue and yellow make green.
What colour do you get from [red and yellow|yellow and red]?|Red and yellow make orange.
What colour do you get from [red and blue|blue and red]?|Red and blue make purple.
What do you say before a meal?|You say: enjoy your meal!
[Where do|Where does] [penguins|a penguin] live?|Penguins live in the cold south.
What do [llamas|rabbits|horses] eat?|They eat grass.
What do [cats|owls] eat?|They eat mice.
Is a [tomato|cucumber] a fruit?|Strictly speaking it is a fruit, but cooks call it a vegetable.
""".strip().splitlines()
)


KNOWN_PAIRS = tuple(
    (line.rpartition("?|")[0] + "?", line.rpartition("?|")[2])
    for line in ("|".join(parts) for parts in _KNOWN)
)
