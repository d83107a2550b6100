"""Word lists: material for unknown topics, made-up words, names and places."""

from __future__ import annotations

_WORDS = """
anchor antler apron arch arrow attic avenue backpack badge bagpipe balcony banjo banner barrel
basket bathtub battery beacon beard belt bench bicker biscuit blender blueprint bonnet boomerang
bottle boulder bracelet broom bubble bucket buckle budget bugle bulldozer button cabbage cabin
cactus calendar camel camera canoe canvas carpet carrot castle cauldron ceiling cellar cement
cereal chalk chimney chisel cinema circus clarinet cloak closet coconut collar column compass
concert copper cork corridor cottage cotton cradle crane crayon crown crumb cupboard cushion dairy
desert desk detective dishwasher doorbell doorknob doughnut dragon drawer dustbin earring elbow
emerald engine envelope eraser escalator factory farmer faucet feather fence fender festival
fiddle finger fireman flag flannel flask flavour flour forklift fork fountain freckle freezer
fridge funnel furniture galaxy gadget garlic garage gasoline gear genius geyser ghost ginger glove
glue goblet goggles granite grape gravel guardian guitar gutter hairbrush hallway hammer hammock
handbag handle harmonica harvest hatchet helmet hinge hockey hoodie hook horizon hotel iceberg
igloo insect invoice jacket jam jar jelly jersey jigsaw jug jungle juggler jukebox kangaroo kayak
kettle keyboard keyhole kilt king kite knapsack knight koala label ladder lantern laundry lawn
lawyer ledger lemon lever library lighter limestone lizard lobster locket logic loom luggage
machine magazine magician mailbox mango marble mask mattress maze medal mermaid microwave mirror
mitten monkey monument moose mosaic motor mountain moustache muffler museum mustard napkin
necklace needle nephew nickel nostril nutmeg nutshell oatmeal octopus olive onion orchard organ
ostrich oven oyster paddle painter palace pamphlet pancake pantry parachute parade parcel parsley
passport patchwork peach peanut pebble pedal pepper perfume pharmacy pickle pigment pillar pillow
pilot pirate plank plaster plastic platform pliers plumber pocket podcast polka pomegranate
popcorn porcelain porridge postcard potion printer prism puppet puzzle pyramid quarry quilt quince
quiver radar radiator radio radish raft ranger raspberry rattle ravine razor recipe referee relay
remedy ribbon riddle robe rocket roof rope rooster rubber rudder ruler saddle salad salmon sandal
satchel sausage scarecrow scarf schedule scissors screwdriver sculpture seagull seaweed shampoo
shelf sheriff shovel shutter sidewalk signal silk skeleton sleeve slipper smoke soap socket sofa
spade spatula sphinx spice spinach sponge spoon spreadsheet stable stadium staircase stamp statue
steam steeple stencil sticker stocking stool stove strap suitcase sugar sunglasses surgeon swamp
sweater sword syrup tablet tailor tambourine tango tapestry taxi teaspoon temple tent termite
thermometer thimble thread throne thumb ticket tile timber toaster tofu tomato toothbrush torch
tornado towel tower toy tractor traffic trampoline treasure treaty tricycle trophy trolley
trousers trumpet tube tugboat tulip tunnel turban turnip turquoise tuxedo twig typewriter ukulele
unicorn uniform urn vacuum valley vanilla vase vault vegetable velvet veranda verb vest viaduct
village vinegar vineyard violin visitor vitamin voyage waffle wagon waiter walnut walrus wardrobe
warehouse washer wasp watchmaker watermelon wax weaver wheel wheelbarrow whistle wig wizard wombat
workshop wreath wrench yacht yak yarn yeast yoghurt zeppelin zipper zookeeper accountant aeroplane
ambulance architect astronomy banana bakery ballad bandage barber blacksmith blossom bookcase
brick brush cardigan carnival cathedral caterpillar champion cherry chess cinnamon cobbler comb
cucumber dentures diamond dolphin economy electrician emperor experience fashion filter
firefighter flamingo geometry giraffe glacier gorilla gymnast history hospital hurricane hyena
icing justice karate language lemonade librarian lottery mammoth medicine memory microphone
minister mystery needlework nurse opera paradox parliament pavement philosophy politics postman
probability pumpkin sailor satellite sociology statistics strategy swimming tailoring telephone
television theatre tourism trade tradition truth universe vocabulary volcanologist wallpaper
wisdom yoga zoology
"""
_ADJECTIVES = """
little old quiet great happy lonely wild gentle green golden blue red tiny sleepy funny brave
clever lazy hungry shy proud silver young lost friendly curious noisy lovely famous
"""
_PLAIN_TOPICS = """
tokens, latency, inference, scale to zero, log files, training data, data science, big data,
backpropagation, attention, reading, writing, libraries, the library, home, penguins, spiders, my
penguin, the penguin, snowmen, icicles, castles, the castle, rainbows, a rainbow, lullabies,
birdsong, lemonade, chess, yoga, money, coins, the good old days, my job, the office, colours, the
colour blue, gardening, cooking, baking, fishing, superheroes, swimming, whisky, beer, wine, the
moon landing, history, politics, Hugging Face, llamas in pyjamas, cookbooks, fonts, punctuation,
the comma, bookshops
"""
_FIRST_NAMES = """
Anna Ben Clara David Emma Felix Grace Hugo Ida Jonas Kira Leo Mia Noah Olga Paul Rosa Sam Tara
Umar Vera Will Yara Zoe Ali Bella Carlos Dina Erik Fatima Hana Ivan Julia Karim Lena Marco Nina
Omar Priya Ravi Sofia Tom Wei Amina Ada Alan Grete Linus Maria Peter Susan Victor
"""
_PLACES = """
France Spain Japan Peru Canada Norway Egypt Brazil Kenya India Italy China Mexico Poland Chile
Ghana Cuba Nepal Germany Sweden Portugal England Ireland Greece Turkey Australia Texas Europe
"""
_ONSETS = """
b bl br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sk sl sm sn sp st str
sw t th tr tw v w wh y z
"""
_VOWELS = """
a e i o u a e i o u ai ea ee oa oo ou ar er or
"""
_CODAS = """
b d g k l ll m n nd ng nk nt p r rk rm rn s sh ss st t th x ck ft mp lt ble
"""
_ENDINGS = """
ium on er ing ity ism ology a o ex y ette ish ia is ant um
"""

WORDS = tuple(_WORDS.split())
"""Ordinary nouns without couplets of their own."""

ADJECTIVES = tuple(_ADJECTIVES.split())
PLAIN_TOPICS = tuple(" ".join(phrase.split()) for phrase in _PLAIN_TOPICS.split(","))
"""Ordinary topics without couplets of their own: they are treated as unknown ones."""

FIRST_NAMES = tuple(_FIRST_NAMES.split())
PLACES = tuple(_PLACES.split())

ONSETS, VOWELS = tuple(_ONSETS.split()), tuple(_VOWELS.split())
CODAS, ENDINGS = tuple(_CODAS.split()), tuple(_ENDINGS.split())
"""What made-up words are put together from; a vowel that stands twice is twice as likely."""
