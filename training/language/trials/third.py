"""Prompts written by hand after the generator of Qwen3's third run was frozen.

They were blind for that run. Results on them pointed to what the fourth one should practise: they
are a development set since.

Their author had seen the two former sets, so as not to repeat them, and nothing of what the models
were trained on. The everyday chats are judged by reading; everything else has one right answer.
"""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("hi there, how is everything?",),
    ("Hello! I have never used a language model before.",),
    ("heya",),
    ("what could you help me with?",),
    ("Hi, you can call me Thaddeus.", "What did I say my name was?"),
    ("hey, this is Ximena", "can you remember what i'm called?"),
    ("My parents bought a house in Gdansk last year.", "In which city did they buy it?"),
    ("I take the bus with the number 73.", "what was the number of my bus?"),
    ("Here is a word to remember: thimble.", "Which word did I give you?"),
    ("do you have a name?",),
    ("am i talking to a human right now?",),
    ("My bike was stolen this morning.",),
    ("I'm getting married in June!",),
    ("nobody came to my birthday party and i feel lonely",),
    ("I ran my first marathon today :D",),
    ("do you know a good joke?",),
    ("Thanks a lot, you really saved my day.",),
    ("That is not what I asked for.",),
    ("I'm off to bed, good night!",),
    ("34 + 28 = ?",),
    ("72 - 35 is what?",),
    ("what do i get for 9 times 3",),
    ("please work out 6218 + 3947",),
    ("is 48 even?",),
    ("Which city is the capital of Hungary?",),
    ("what is the opposite of noisy?",),
    ("Which insect makes honey?",),
    ("how many legs does a spider have",),
    ("What happened in the world today?",),
    ("How warm is it in Lyon right now?",),
    ("write a javascript function that sorts a list of names",),
    ("What is 'good morning' in Polish?",),
    ("Olá, tudo bem?",),
    ("Hej, hur mår du?",),
    ("🐙☕",),
    ("zzxq plmn brrrt oioi",),
    ("what do i need an endpoint for?",),
    ("Why does the model count tokens and not words?",),
    ("I got a 401 Unauthorized. What did I do wrong?",),
    ("what does a 404 tell me",),
    ("My endpoint is initializing. What does that mean?",),
    ("What are replicas good for?",),
    ("Why is the first request so slow after scaling to zero?",),
    ("how do i wake up a paused endpoint again?",),
    ("what does max_tokens do?",),
    ("give me three kinds of trees",),
    ("List five things you would take to the beach.",),
    ("Could you write a little poem about the moon?",),
    ("i'd like a haiku about snow",),
    ("Write a story of three sentences about a baker and a hungry goose.",),
    ("Write a short message to my boss that I am ill today.",),
    ("Make this sound more polite: Close the window, it's cold.",),
    (
        "Can you shorten this? Last Saturday my sister Ines and her two children baked a huge "
        "apple pie.",
    ),
    ("Make one sentence out of these: The bus was late. We waited in the rain. We drank hot tea.",),
    ("Find a title for this text: Our village has a small library with old maps and a piano.",),
    ("Does this sound positive or negative? The room was clean and the staff were friendly.",),
    ("Yes or no, please. The kiosk sells bread, milk and eggs. Does it sell shoes?",),
    ("Please spell the word penguin.",),
    ("put the word strawberry in capitals",),
    ("Do you know a word that rhymes with tree?",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Return name and language as JSON: Ilkka speaks Estonian at home.",
        {"name": "Ilkka", "language": "Estonian"},
    ),
    (
        "i'd like a json object, name plus age, for this: Our goalkeeper Zuzana is 19.",
        {"name": "Zuzana", "age": 19},
    ),
    (
        "JSON, keys article and cost: You pay 7.80 francs for the sunscreen.",
        {"article": "sunscreen", "cost": 7.8},
    ),
    (
        "Who teaches whom? Write JSON with teacher and pupil. Ingeborg teaches Malik.",
        {"teacher": "Ingeborg", "pupil": "Malik"},
    ),
    (
        "from and to in JSON, please: Next week we are sailing from Split to Ancona.",
        {"from": "Split", "to": "Ancona"},
    ),
    (
        "write mountain and height as json - the Zugspitze is 2962 meters high",
        {"mountain": "Zugspitze", "height": 2962},
    ),
    (
        "Good morning, my name is Chidi and I am a carpenter. Make JSON out of that, with name "
        "and trade.",
        {"name": "Chidi", "trade": "carpenter"},
    ),
    (
        "Separate the name into given and family, as JSON: The speaker is Rosalind Achterberg.",
        {"given": "Rosalind", "family": "Achterberg"},
    ),
    (
        "The satellite QT-31 was built in Toulouse. JSON: satellite, city",
        {"satellite": "QT-31", "city": "Toulouse"},
    ),
    (
        "On Wednesday the class visits the zoo. Can I have day and place as JSON?",
        {"day": "Wednesday", "place": "zoo"},
    ),
    (
        "json with name, job and years: Ewa has worked as a nurse for 22 years",
        {"name": "Ewa", "job": "nurse", "years": 22},
    ),
    (
        "The parents' evening is on 9 October at 19:30. Put date and time into JSON.",
        {"date": "9 October", "time": "19:30"},
    ),
    (
        "Look for club and email and answer in JSON: New members of Rowing Club Delta sign up at "
        "join@delta.example.",
        {"club": "Rowing Club Delta", "email": "join@delta.example"},
    ),
    (
        "Who baked, and how many? JSON with name and cakes. The oven was old, but Fernanda baked "
        "16 cakes.",
        {"name": "Fernanda", "cakes": 16},
    ),
    (
        "My camera is a Leica and was built in 1974. Maker and year as JSON, please, keys maker "
        "and year.",
        {"maker": "Leica", "year": 1974},
    ),
    (
        "Collect the colors in a JSON list under the key colors: The flag is green, white and "
        "orange.",
        {"colors": ["green", "white", "orange"]},
    ),
    (
        "Only JSON, with the keys name and email, and null if one is missing. Bogdan has no email.",
        {"name": "Bogdan", "email": None},
    ),
    (
        "I need title, pages and author as JSON, null where the text says nothing: The book "
        "Saltmarsh has 310 pages.",
        {"title": "Saltmarsh", "pages": 310, "author": None},
    ),
    (
        "game and rating in json for this one: I give the game Starfall a rating of 8.",
        {"game": "Starfall", "rating": 8},
    ),
    (
        "file and line as JSON: The test fails in line 88 of the file parser.py",
        {"file": "parser.py", "line": 88},
    ),
    (
        "Patient: Otis. Room: 7. Doctor: Brandt. Hand me that as JSON with patient, room and "
        "doctor.",
        {"patient": "Otis", "room": 7, "doctor": "Brandt"},
    ),
    (
        "make this json, with start and end: The film starts at 20:10 and ends at 22:25.",
        {"start": "20:10", "end": "22:25"},
    ),
    (
        "Which lake, and how deep? JSON with lake and meters. Loch Ness is 230 meters deep.",
        {"lake": "Loch Ness", "meters": 230},
    ),
    (
        "Rewrite as JSON with the keys flavor and scoops: I'll take 2 scoops of vanilla.",
        {"flavor": "vanilla", "scoops": 2},
    ),
    (
        "JSON for actor and role, thank you. This evening Dorian plays Hamlet.",
        {"actor": "Dorian", "role": "Hamlet"},
    ),
    (
        "I want endpoint and seconds as JSON: A request to the endpoint haiku-maker took 2.4 "
        "seconds.",
        {"endpoint": "haiku-maker", "seconds": 2.4},
    ),
    (
        "json: seat, row. My ticket is for row 14, seat B.",
        {"seat": "B", "row": 14},
    ),
    (
        "Use this sentence to fill a JSON with candidate and votes: Halvard was elected with 417 "
        "votes.",
        {"candidate": "Halvard", "votes": 417},
    ),
)

COPIED = tuple(
    """
bamboozlement Reykjanesbær sesquipedalianism Krzysztof Antananarivo
pneumonoultramicroscopicsilicovolcanoconiosis Caoimhe discombobulate Ngorongoro Þingvellir
quokka flibbertigibbet gardyloo Szymborska KTR-3381 v4.1-beta3 🦑🪗 skulduggery Nouakchott Dvořák
psithurism Worcestershire mumpsimus köttbullar Iztaccíhuatl 9c1d-x7 sphygmomanometer Niamh
usquebaugh Şanlıurfa
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("high_tide", "Get the time of high tide in a port.", port=("string", "The port.")),
        tool(
            "book_haircut",
            "Book a haircut at a salon.",
            salon=("string", "Name of the salon."),
            time=("string", "When it begins."),
        ),
        tool(
            "set_heating",
            "Set the heating of a room.",
            room=("string", "Name of the room."),
            degrees=("number", "Temperature in degrees."),
        ),
        tool("count_words", "Count the words in a file.", path=("string", "Path of the file.")),
        tool(
            "feed_fish",
            "Feed the fish in a tank.",
            tank=("string", "Name of the tank."),
            grams=("integer", "How much food."),
        ),
        tool(
            "find_parking", "Find a free parking space in a street.", street=("string", "Street.")
        ),
        tool(
            "count_calories",
            "Get the calories of a food.",
            food=("string", "The food."),
            grams=("number", "Weight in grams."),
        ),
        tool(
            "check_warranty",
            "Find out how long the warranty of a device lasts.",
            serial=("string", "Serial number."),
        ),
        tool("lock_door", "Lock a door.", door=("string", "Name of the door.")),
        tool(
            "miles_to_kilometers",
            "Convert miles to kilometers.",
            miles=("number", "Length in miles."),
        ),
        tool(
            "public_holiday",
            "Find out if a date is a public holiday in a country.",
            country=("string", "Name of the country."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "When is high tide in Saint-Malo?",
        "high_tide",
        {"port": "Saint-Malo"},
        ("lock_door", "count_words"),
    ),
    (
        "high tide at Whitby please",
        "high_tide",
        {"port": "Whitby"},
        ("public_holiday", "find_parking", "feed_fish"),
    ),
    (
        "Book me a haircut at Salon Vera at 16:15.",
        "book_haircut",
        {"salon": "Salon Vera", "time": "16:15"},
        ("check_warranty", "set_heating"),
    ),
    (
        "i need a haircut, please book one for 9:30 at Curl Corner",
        "book_haircut",
        {"salon": "Curl Corner", "time": "9:30"},
        ("high_tide", "miles_to_kilometers"),
    ),
    (
        "Set the heating in the bathroom to 23 degrees.",
        "set_heating",
        {"room": "bathroom", "degrees": 23},
        ("lock_door", "feed_fish"),
    ),
    (
        "it's cold, heating in the studio to 20.5 degrees",
        "set_heating",
        {"room": "studio", "degrees": 20.5},
        ("count_calories", "find_parking", "high_tide"),
    ),
    (
        "How many words are in essay.md?",
        "count_words",
        {"path": "essay.md"},
        ("count_calories", "check_warranty"),
    ),
    (
        "Count the words in notes/chapter2.txt.",
        "count_words",
        {"path": "notes/chapter2.txt"},
        ("book_haircut", "public_holiday"),
    ),
    (
        "Give the fish in the tank Coral 12 grams of food.",
        "feed_fish",
        {"tank": "Coral", "grams": 12},
        ("count_calories", "lock_door"),
    ),
    (
        "feed the fish: 5 grams, tank Lagoon",
        "feed_fish",
        {"tank": "Lagoon", "grams": 5},
        ("set_heating", "miles_to_kilometers"),
    ),
    (
        "Is there a free parking space in Cedar Avenue?",
        "find_parking",
        {"street": "Cedar Avenue"},
        ("book_haircut", "high_tide"),
    ),
    (
        "where can i park in Tower Lane",
        "find_parking",
        {"street": "Tower Lane"},
        ("lock_door", "public_holiday", "check_warranty"),
    ),
    (
        "How many calories do 150 grams of rice have?",
        "count_calories",
        {"food": "rice", "grams": 150},
        ("count_words", "feed_fish"),
    ),
    (
        "calories of 37.5 grams of almonds?",
        "count_calories",
        {"food": "almonds", "grams": 37.5},
        ("set_heating", "find_parking"),
    ),
    (
        "Does my device still have a warranty? The serial number is HW-20817.",
        "check_warranty",
        {"serial": "HW-20817"},
        ("count_words", "public_holiday"),
    ),
    (
        "check the warranty for serial 55091X",
        "check_warranty",
        {"serial": "55091X"},
        ("book_haircut", "lock_door", "miles_to_kilometers"),
    ),
    (
        "Lock the door cellar-east, please.",
        "lock_door",
        {"door": "cellar-east"},
        ("set_heating", "find_parking"),
    ),
    (
        "How many kilometers are 26 miles?",
        "miles_to_kilometers",
        {"miles": 26},
        ("count_calories", "high_tide"),
    ),
    (
        "Is 2027-06-24 a public holiday in Latvia?",
        "public_holiday",
        {"country": "Latvia", "date": "2027-06-24"},
        ("check_warranty", "book_haircut"),
    ),
    (
        "do they have a public holiday in Chile on 18 September?",
        "public_holiday",
        {"country": "Chile", "date": "18 September"},
        ("miles_to_kilometers", "feed_fish"),
    ),
)
