"""Tables of topics by category. In ``NOUNS`` every noun stands as singular/plural."""

from __future__ import annotations

NOUNS = {
    "river": "river/rivers stream/streams brook/brooks creek/creeks waterfall/waterfalls "
    "spring/springs canal/canals",
    "sea": "sea/seas ocean/oceans beach/beaches harbour/harbours wave/waves sailor/sailors "
    "island/islands ship/ships whale/whales dolphin/dolphins tide/tides coast/coasts shell/shells",
    "sky": "star/stars moon/moons planet/planets comet/comets galaxy/galaxies rocket/rockets "
    "astronaut/astronauts constellation/constellations satellite/satellites meteor/meteors",
    "weather": "storm/storms cloud/clouds raindrop/raindrops breeze/breezes puddle/puddles "
    "shower/showers thunderstorm/thunderstorms",
    "winter": "snowflake/snowflakes snowstorm/snowstorms",
    "summer": "meadow/meadows picnic/picnics sunbeam/sunbeams",
    "plant": "tree/trees flower/flowers rose/roses garden/gardens forest/forests oak/oaks "
    "daisy/daisies tulip/tulips sunflower/sunflowers fern/ferns willow/willows bush/bushes "
    "cherry_tree/cherry_trees wood/woods leaf/leaves seed/seeds daffodil/daffodils lily/lilies",
    "mountain": "mountain/mountains hill/hills cliff/cliffs peak/peaks summit/summits "
    "glacier/glaciers ridge/ridges",
    "bird": "bird/birds owl/owls robin/robins sparrow/sparrows swan/swans goose/geese duck/ducks "
    "eagle/eagles crow/crows blackbird/blackbirds parrot/parrots swallow/swallows pigeon/pigeons",
    "cat": "cat/cats kitten/kittens tomcat/tomcats black_cat/black_cats",
    "dog": "dog/dogs puppy/puppies sheepdog/sheepdogs hound/hounds terrier/terriers",
    "wild": "fox/foxes bear/bears rabbit/rabbits hare/hares llama/llamas deer/deer "
    "elephant/elephants hedgehog/hedgehogs squirrel/squirrels wolf/wolves "
    "horse/horses pony/ponies badger/badgers mouse/mice lion/lions tiger/tigers "
    "otter/otters panda/pandas cow/cows sheep/sheep goat/goats giraffe/giraffes",
    "insect": "bee/bees butterfly/butterflies ant/ants ladybird/ladybirds "
    "beetle/beetles bumblebee/bumblebees cricket/crickets firefly/fireflies",
    "music": "song/songs guitar/guitars violin/violins drum/drums flute/flutes choir/choirs "
    "trumpet/trumpets cello/cellos melody/melodies orchestra/orchestras",
    "school": "teacher/teachers lesson/lessons classroom/classrooms pencil/pencils",
    "book": "book/books story/stories novel/novels fairy_tale/fairy_tales letter/letters "
    "comic/comics diary/diaries notebook/notebooks",
    "code": "program/programs algorithm/algorithms script/scripts function/functions",
    "learning": "neural_network/neural_networks language_model/language_models robot/robots "
    "chatbot/chatbots classifier/classifiers transformer/transformers learning_machine/"
    "learning_machines pocket_model/pocket_models",
    "server": "server/servers endpoint/endpoints computer/computers replica/replicas "
    "laptop/laptops data_centre/data_centres machine/machines GPU/GPUs",
    "city": "city/cities town/towns street/streets village/villages market/markets "
    "bridge/bridges square/squares",
    "travel": "train/trains journey/journeys road/roads trip/trips ferry/ferries "
    "adventure/adventures",
    "bike": "bicycle/bicycles bike/bikes tandem/tandems",
    "home": "house/houses kitchen/kitchens window/windows candle/candles door/doors "
    "blanket/blankets lamp/lamps teapot/teapots chair/chairs sofa/sofas clock/clocks",
    "love": "friend/friends grandmother/grandmothers sister/sisters brother/brothers "
    "neighbour/neighbours uncle/uncles aunt/aunts father/fathers mother/mothers",
    "tale": "dragon/dragons knight/knights wizard/wizards princess/princesses "
    "pirate/pirates unicorn/unicorns giant/giants witch/witches king/kings queen/queens "
    "ghost/ghosts fairy/fairies mermaid/mermaids goblin/goblins",
    "vehicle": "car/cars truck/trucks bus/buses fire_engine/fire_engines taxi/taxis van/vans "
    "motorbike/motorbikes",
    "clothes": "hat/hats shoe/shoes jacket/jackets scarf/scarves sweater/sweaters shirt/shirts "
    "coat/coats sock/socks boot/boots dress/dresses cap/caps",
    "pond": "frog/frogs turtle/turtles toad/toads snail/snails fish/fish newt/newts "
    "dragonfly/dragonflies goldfish/goldfish duckling/ducklings",
    "worker": "doctor/doctors nurse/nurses baker/bakers farmer/farmers postman/postmen "
    "gardener/gardeners engineer/engineers carpenter/carpenters fireman/firemen cook/cooks "
    "programmer/programmers cleaner/cleaners",
    "time": "birthday/birthdays morning/mornings weekend/weekends sunrise/sunrises "
    "holiday/holidays",
    "science": "microscope/microscopes telescope/telescopes experiment/experiments "
    "magnet/magnets discovery/discoveries",
}

SINGULAR = {
    "sea": "the open sea, the seaside, sailing, sea air",
    "sky": "space, the night sky, the universe, starlight, moonlight, the full moon, outer space, "
    "the milky way, the sky, astronomy",
    "weather": "rain, thunder, the wind, fog, wind, bad weather, the weather, drizzle, lightning, "
    "april rain, mist",
    "winter": "snow, winter, frost, december, january, fresh snow, the first snow",
    "summer": "spring, summer, june, july, sunshine, the sun, the month of may, warm weather",
    "autumn": "autumn, fall, october, november, september, the harvest",
    "plant": "moss, grass, ivy, nature, lavender, clover, bamboo, the rainforest",
    "mountain": "Mount Everest, the high plateau",
    "food": "bread, soup, chocolate, pizza, cake, cheese, pasta, rice, breakfast, ice cream, "
    "dinner, apple pie, fresh bread, spaghetti, jam, butter, tomato soup, curry, lunch",
    "drink": "tea, coffee, cocoa, green tea, hot chocolate, black coffee, mint tea, "
    "ginger tea, milk",
    "music": "music, jazz, the piano, singing, dancing, the blues, folk music, rock and roll, "
    "my old guitar, opera",
    "school": "school, homework, mathematics, maths, the alphabet, geography, algebra, grammar, "
    "spelling, the university",
    "book": "poetry, the dictionary, my favourite book",
    "code": "code, programming, python, software, debugging, coding, source code, clean code, "
    "version control, recursion, git, JavaScript, Rust, SQL",
    "open": "open source, open source software, free software, open code, open science, "
    "the open source community, open knowledge, open data, Linux",
    "learning": "machine learning, deep learning, artificial intelligence, AI, gradient descent, "
    "the transformer, generative AI",
    "server": "the cloud, the internet, cloud computing, the network, the web, hardware",
    "city": "London, Paris, Berlin, New York, Tokyo, Rome, the city at night, my home town, "
    "Lisbon, Madrid, the old town",
    "travel": "travel, the night train, the open road, the last train home, camping, flying",
    "bike": "my old bicycle, cycling, my bike, my red bicycle",
    "home": "my garden gate, my old house, my room, the fireplace, my armchair",
    "joy": "happiness, joy, laughter, hope, kindness, courage, curiosity, gratitude, wonder, "
    "freedom, peace, luck, trust, confidence, imagination, a good mood, good humour",
    "love": "love, friendship, my family, my best friend, my grandfather, my daughter, my son, "
    "true love, my wife, my husband",
    "night": "the night, sleep, evening, midnight, bedtime, silence, twilight, dusk, rest, "
    "the quiet hour, darkness",
    "time": "time, the morning, monday, tomorrow, the new year, sunday, friday, today, dawn, "
    "my birthday, a new day, Christmas, the weekend, the future, sunday morning",
    "sport": "football, running, hiking, climbing, tennis, basketball, hockey, "
    "cricket, soccer, rugby, volleyball, "
    "badminton, baseball, the marathon, athletics, table tennis",
    "craft": "knitting, painting, pottery, sewing, drawing, origami, carpentry, woodwork, art, "
    "weaving, embroidery, design, photography",
    "work": "work, teamwork, paperwork, project work, office work",
    "science": "science, physics, chemistry, biology, electricity, gravity, evolution, light, "
    "the periodic table, research, magnetism",
}

PLURAL = {
    "sea": "the seven seas, sea shells, sailing boats, fishes",
    "sky": "the northern stars, shooting stars, the planets, the stars above",
    "weather": "rainy days, summer storms, grey clouds, stormy nights",
    "winter": "winter days, winter nights, snowy days, cold mornings, polar nights",
    "summer": "summer days, sunny days, summer holidays, spring mornings, long summer evenings",
    "autumn": "autumn leaves, falling leaves, autumn days, fallen leaves, golden leaves",
    "plant": "wild flowers, the woods, mushrooms, old trees, house plants, forest paths",
    "mountain": "the alps, snowy mountains, rolling hills, the hills",
    "food": "pancakes, cookies, noodles, apples, strawberries, potatoes, waffles, sandwiches, "
    "dumplings, cherries, tomatoes, cakes, pies, vegetables, bananas, lemons, oranges, pears",
    "music": "the drums, old songs, love songs, piano lessons",
    "school": "numbers, fractions, exams, school days, languages, students",
    "book": "bedtime stories, old books, poems, tales of dragons",
    "code": "bugs, unit tests, bug fixes, compiler errors, semicolons, for loops, variables",
    "open": "open source projects, open models, open standards, shared models, pull requests",
    "learning": "neural nets, large language models, tiny models, word vectors, smart machines, "
    "diffusion models, image models, embeddings",
    "server": "inference endpoints, web servers, small computers",
    "city": "big cities, city lights, city streets, busy streets, small towns",
    "travel": "steam trains, old maps, long journeys, holidays abroad, travels",
    "home": "old houses, curtains, slippers",
    "love": "old friends, good friends, my parents, my children, grandparents, my friends",
    "night": "dreams, quiet nights, summer nights, sweet dreams",
    "time": "the holidays, birthdays, busy days, mornings",
    "sport": "ball games, team sports, the olympic games, football matches",
    "work": "long meetings, meetings, deadlines, spreadsheets, emails",
    "science": "atoms, molecules, electrons, crystals, fossils, dinosaurs",
}


MORE = {
    "river": (
        "the Danube, the Nile, the Rhine, the Amazon, the Thames, the Mississippi, flowing water",
        "mountain streams, wild rivers, deep waters",
    ),
    "sea": (
        "the Atlantic, the Pacific, salt water, surfing, the harbour at dawn, the lagoon",
        "seagulls, fishing boats, rock pools, sea turtles, corals, lobsters, seals, sharks",
    ),
    "sky": ("Mars, Saturn, Jupiter, Venus, the solar system, the big dipper", "black holes, "
    "nebulas"),
    "weather": ("hail, the monsoon, a hurricane, humidity", "dark clouds, spring showers"),
    "winter": ("february, the north wind, winter light", "snow angels, frozen lakes"),
    "summer": ("april, may, august, blue skies", "warm evenings, holidays at home"),
    "autumn": ("a windy autumn day", "autumn evenings, foggy mornings, chestnut leaves"),
    "plant": (
        "an orchid, jasmine, basil, mint, rosemary, the jungle, my balcony, a cactus, the park",
        "herbs, orchids, palm trees, pine trees, apple trees, vines, peonies, violets, cacti",
    ),
    "mountain": ("Mont Blanc, Kilimanjaro, the summit path", "the Andes, the Himalayas, "
    "the Rockies"),
    "bird": ("a woodpecker, the cuckoo, a peacock, a hummingbird, a nightingale",
             "storks, doves, ravens, gulls, herons, peacocks, hens, chickens, magpies, finches"),
    "cat": ("a lazy cat, my old cat, the neighbour's cat", "Siamese cats, tabby cats, house cats"),
    "dog": ("a poodle, my old dog, a good dog, a dachshund", "poodles, beagles, corgis, big dogs"),
    "wild": ("a kangaroo, the koala, a moose, a camel, a donkey",
             "kangaroos, koalas, camels, donkeys, monkeys, gorillas, raccoons, moose, beavers, "
             "hamsters, bunnies, alpacas, sloths, rhinos, hippos, leopards, cheetahs, lambs"),
    "insect": ("a grasshopper, the honeybee, a wasp", "grasshoppers, moths, wasps, mosquitoes"),
    "food": (
        "salad, sushi, ramen, toast, yoghurt, popcorn, cheesecake, pepper, garlic, risotto, "
        "porridge, chocolate cake, vanilla ice cream, stew, goulash, lasagna, hummus, rye bread",
        "tacos, burgers, doughnuts, croissants, meatballs, olives, onions, mangoes, grapes, "
        "pretzels, fries, eggs, beans, carrots, avocados, peaches, dinner parties, leftovers",
    ),
    "drink": ("espresso, cappuccino, mulled wine, herbal tea, chai, black tea, a latte", "teas"),
    "music": (
        "hip hop, reggae, techno, the accordion, a symphony, Mozart, Bach, "
        "Beethoven, the harp, karaoke, punk rock, the banjo, the organ",
        "bagpipes, concerts, melodies, violas, harps, trombones, ukuleles",
    ),
    "school": ("kindergarten, spelling class, my teacher, Latin, a blackboard, graduation",
               "students at night, grades, textbooks, holidays from school, school buses"),
    "book": ("Shakespeare, a bookshelf, my diary, a good book, science fiction, a short story",
             "detective stories, cookery books, travel books, biographies, love letters"),
    "code": ("Java, C, TypeScript, Haskell, bash, my first program, a bug, the terminal, "
             "refactoring, legacy code, object orientation, a merge conflict, web development",
             "regular expressions, null pointers, databases, hackathons, "
             "code reviews, pointers, loops, functions, stack traces, developers"),
    "open": ("Wikipedia, the Linux kernel, Apache, the GNU project, an open license, Debian",
             "open weights, free licenses, open source models, shared libraries, contributors"),
    "learning": ("ChatGPT, Gemma, my chatbot, computer vision, a perceptron, supervised learning, "
                 "natural language processing, fine-tuning, generative art",
                 "transformers, LLMs, AI models, chatbots, deep networks, vision models, agents"),
    "server": ("an API, the data centre, a Raspberry Pi, my laptop, Docker, a supercomputer, "
    "Wi-Fi",
               "APIs, containers, clusters, inference servers, routers, microchips, websites"),
    "city": (
        "Amsterdam, Vienna, Prague, Barcelona, Chicago, San Francisco, Mumbai, Cairo, Istanbul, "
        "Athens, Dublin, Oslo, Sydney, Singapore, Seoul, Boston, Munich, Venice, Zurich, Hamburg, "
        "Milan, Warsaw, Toronto, Nairobi, Mexico City, Rio, Moscow, Stockholm, Helsinki, "
        "Los Angeles",
        "cafés, skyscrapers, parks, night markets, museums, little shops, playgrounds",
    ),
    "travel": ("Italy, France, Japan, India, Spain, Greece, Iceland, Norway, a road trip, "
    "the airport, "
               "Brazil, Canada, Africa, Ireland, Scotland, a passport, Switzerland, Portugal",
               "aeroplanes, planes, airports, trains at night, backpacks, foreign lands"),
    "bike": ("a mountain bike, my tandem, a bike ride", "mountain bikes, two wheels"),
    "home": ("a warm bed, my desk, my kitchen table, a rocking chair, the attic, a quilt, "
    "my pillow",
             "pillows, mirrors, carpets, cupboards, shelves, rainy windows, teapots, spoons"),
    "joy": ("optimism, honesty, simplicity, creativity, harmony, humour, mindfulness, faith, "
            "generosity, beauty, success, respect, tolerance, wisdom, contentment", ""),
    "love": ("marriage, my girlfriend, my boyfriend, my baby, my cousin's wedding, grandpa, "
    "mum, dad, "
             "my mom, my partner, motherhood, a hug, romance", "twins, lovers, newlyweds, hugs"),
    "night": ("a nap, the full night, a lullaby, a dream, insomnia, starry silence, my bed",
              "starry nights, late hours, naps, nightmares"),
    "time": ("Easter, Halloween, new year's eve, Thanksgiving, wednesday, thursday, tuesday, "
    "saturday, "
             "the present, yesterday, retirement, childhood, monday morning, an anniversary",
             "seasons, birthdays in june, anniversaries, mondays, weekends, sundays"),
    "sport": ("golf, boxing, rowing, karate, judo, handball, softball, gymnastics, "
              "the world cup, ping pong, a marathon, fencing, bowling, snowboarding, squash",
              "sports, winter sports, races, medals"),
    "craft": ("crochet, sculpture, calligraphy, quilting, gardening, cooking, pottery class, "
              "watercolour, embroidery thread, woodcarving, graphic design, writing", ""),
    "work": ("homework, freelancing, remote work, overtime, project management, accounting, "
             "housework, cleaning, laundry, a long to-do list", "chores, reports, slides, taxes"),
    "science": ("astronomy, geology, quantum mechanics, relativity, the big bang, DNA, medicine, "
                "statistics, calculus, geometry, climate science, oxygen, time and space",
                "prime numbers, vaccines, proteins, cells, equations, triangles"),
    "tale": ("Cinderella, Robin Hood, King Arthur, Santa Claus, a brave knight, Frankenstein, "
    "a superhero",
             "elves, dwarfs, trolls, vampires, zombies, superheroes, heroes, monsters, aliens"),
    "vehicle": ("my car, an ambulance, a bulldozer, a school bus, a tram, the subway",
                "ambulances, trams, race cars, electric cars, diggers, school buses, old cars"),
    "clothes": ("a bow tie, my favourite sweater, a raincoat, a red dress, denim, my pyjamas",
                "jeans, sneakers, gloves, mittens, slippers, pyjamas, high heels, sunglasses, "
                "ties"),
    "pond": ("a salamander, a crab, a lizard, a tadpole, the koi", "crabs, tadpoles, lizards, "
    "newts"),
    "worker": ("a lawyer, my boss, a pilot, an architect, a plumber, the librarian, a fisherman",
               "lawyers, pilots, plumbers, librarians, volunteers, colleagues, scientists, "
               "artists, "
               "electricians, police officers, soldiers, astronomers, mechanics, data scientists"),
}  # fmt: skip
"""More topics by category: singular ones, plural ones."""

SIGNS = ("GPT-4", "C++", "café life", "Zürich", "R2-D2", "5G", "São Paulo", "the year 2030",
          "naïve ideas", "Web 3.0", "jalapeños", "a 3D printer", "e-mail", "Co-pilots", "Malmö",
          "F-16s", "the number 7", "42", "smörgåsbord", "TCP/IP", "rock 'n' roll", "K-pop",
          "crème brûlée", "AC/DC", "my mother-in-law", "self-driving cars", "Mario's hat",
          "time-travel", "llama.cpp", "node.js", "🍕", "🐱", "日本", "München")  # fmt: skip
"""Topics with signs beyond plain letters."""
