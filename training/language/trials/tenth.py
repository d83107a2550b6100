"""Prompts written by hand after the texts of Qwen3's ninth run were frozen; see `sets`."""

from __future__ import annotations

from typing import Any

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("Good afternoon! Is life treating you nicely?",),
    ("never used one of these before, do i just type?",),
    ("howdy partner",),
    ("What could you do for somebody who runs a flower shop?",),
    ("Pleased to meet you, Anselm speaking.", "Can you repeat the name I gave you?"),
    ("they call me Rukmini, im new here", "whats my name again?"),
    ("My aunt moved to Galway to open a pottery.", "Where did my aunt move?"),
    ("i knitted 63 rows of my scarf", "how many rows have i knitted"),
    (
        "The codeword for our quiz night is pelican, keep it in mind.",
        "Hang on, I'm pouring some tea.",
        "Now, what is the codeword for the quiz night?",
    ),
    ("have you got a name, or just a number?",),
    ("My wife is sure that a real person types these replies. Is she right?",),
    ("spilled coffee all over my keyboard, argh",),
    ("We're expecting a baby in June!",),
    ("my best friend moved abroad and the evenings feel so empty now",),
    ("i swam a whole length without stopping today!!!",),
    ("Mondays are awful. Make me laugh, would you?",),
    ("Perfect, that helped me a lot.",),
    ("hm no, that's not what i asked",),
    ("I have to go and pick up the kids. See you!",),
    ("whats 47 + 35",),
    ("The coach has 72 seats, and 38 of them are taken. How many are free?",),
    ("what do i get for 8 times 4",),
    ("We sold 4617 tickets on Saturday and 2958 on Sunday. How many is that in total?",),
    ("Would you call 74 an odd number?",),
    ("which city is norway's capital",),
    ("Which word says just the reverse of crooked?",),
    ("Which animal carries its young in a pouch?",),
    ("how many days are in one week?",),
    ("Who won the big match last night?",),
    ("do i need an umbrella in Glasgow today",),
    ("Can you code a website for my barber shop, with prices and all?",),
    ("What is 'good night' in Swahili?",),
    ("Ciao, come va oggi?",),
    ("Hej, hur mår du?",),
    ("🎈🐢🎈",),
    ("wrtz bnmm qopo ffjjk",),
    ("My colleague deploys models to endpoints. Could you explain to me what those are?",),
    ("are tokens the same as words?",),
    ("Every request of mine comes back with 401. What did I do wrong?",),
    ("why would my endpoint answer 404 all of a sudden",),
    ("My app shows 503 every morning at the first try. What is the reason?",),
    ("is one replica enough if only my class uses the endpoint",),
    ("Why does the first request take so long after scaling to zero?",),
    ("how do pausing and scaling to zero differ?",),
    ("the model says something else every time, which temperature makes it steady?",),
    ("Could you name four musical instruments?",),
    ("grandma turns 80 and we throw a party, list five things we should buy",),
    ("Can I get a short poem about the first snow?",),
    ("a haiku about my garden pond would be sweet",),
    ("Please tell a tale of a snail that wins a race, three sentences long.",),
    ("Write a short thank-you message to my neighbour Ines, who watered my plants.",),
    ("how do i say this in a friendlier way: Stop eating my yoghurt from the fridge.",),
    (
        "Make it shorter: In the early morning of Monday our postman Mr Delacroix lost a big "
        "yellow parcel beside the frozen canal.",
    ),
    (
        "Could you combine these into one sentence? The bus was late. Paul walked home. It began "
        "to rain.",
    ),
    (
        "Think of a title for this. Each spring the fishermen paint their boats blue and the whole "
        "village sings at the harbour.",
    ),
    ("Is this review positive or negative? The soup was cold and the waiter forgot us twice.",),
    ("My toolbox has a saw, pliers and a tape measure. Is there a saw in it? Just yes or no.",),
    ("how do you spell butterfly? letter by letter please",),
    ("Could you turn the word lighthouse into capitals?",),
    ("whats a word that rhymes with cake",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Ingeborg lives in Trondheim. Please give me name and residence as JSON.",
        {"name": "Ingeborg", "residence": "Trondheim"},
    ),
    (
        "json with cousin and age? Teodoro, my cousin, is 17",
        {"cousin": "Teodoro", "age": 17},
    ),
    (
        "The lamp cost me 42.30 euros. Write item and cost as JSON.",
        {"item": "lamp", "cost": 42.3},
    ),
    (
        "At the fair Nasrin sold Guillaume a bicycle. JSON with the keys seller and buyer, please.",
        {"seller": "Nasrin", "buyer": "Guillaume"},
    ),
    (
        "Could you turn our route into JSON with start and end? We cycle from Passau to Linz.",
        {"start": "Passau", "end": "Linz"},
    ),
    (
        "river and length in json - the Loire is 1006 kilometers long",
        {"river": "Loire", "length": 1006},
    ),
    (
        "Hello, my name is Bogdana, I live in Plovdiv, I'm 33 and I work as a florist. Please make "
        "a JSON card of me: name, age, city and occupation.",
        {"name": "Bogdana", "age": 33, "city": "Plovdiv", "occupation": "florist"},
    ),
    (
        "Our new dentist is called Cornelius Vandermeer. Split the name for me in JSON, with "
        "first_name and last_name.",
        {"first_name": "Cornelius", "last_name": "Vandermeer"},
    ),
    (
        "The train RX-204 ends in Tarragona. JSON: train, terminus",
        {"train": "RX-204", "terminus": "Tarragona"},
    ),
    (
        "every Monday we play handball, can i get day and sport in json",
        {"day": "Monday", "sport": "handball"},
    ),
    (
        "json (employee, firm, months): Ayodele has worked for Brightloom for 15 months",
        {"employee": "Ayodele", "firm": "Brightloom", "months": 15},
    ),
    (
        "Please note: the flea market is on 7 August at 9:30. Could I have its date and time in "
        "JSON?",
        {"date": "7 August", "time": "9:30"},
    ),
    (
        "Have you seen a grey cat? Then write to lostcats@millbrook.example. All that I need is "
        "the email, in JSON with the key email.",
        {"email": "lostcats@millbrook.example"},
    ),
    (
        "The ground was muddy and the cart broke, but Kalinda picked 43 pumpkins. Answer in JSON, "
        "with the keys picker and pumpkins.",
        {"picker": "Kalinda", "pumpkins": 43},
    ),
    (
        "this accordion was built by Hohner in 1937, maker and year as json pls",
        {"maker": "Hohner", "year": 1937},
    ),
    (
        "Which colors are mentioned? Give a JSON list under the key colors. The flag is green, "
        "white and orange.",
        {"colors": ["green", "white", "orange"]},
    ),
    (
        "Emmerich has no nickname. Make JSON with person and nickname, and put null for what is "
        "missing.",
        {"person": "Emmerich", "nickname": None},
    ),
    (
        "Film, director and minutes in JSON, please; what the text does not tell gets null. The "
        "film Glass Orchard lasts 112 minutes.",
        {"film": "Glass Orchard", "director": None, "minutes": 112},
    ),
    (
        "i give the museum Old Mill 8 points. json, museum and points",
        {"museum": "Old Mill", "points": 8},
    ),
    (
        "The server atlas-09 uses port 8443. Put server and port into JSON, please.",
        {"server": "atlas-09", "port": 8443},
    ),
    (
        "Sender: Philippa. Weight: 12. Contents: books. I need the parcel as JSON, with sender, "
        "weight and contents.",
        {"sender": "Philippa", "weight": 12, "contents": "books"},
    ),
    (
        "The night market begins at 19:15 and ends at 23:40. Would you write begin and end as "
        "JSON?",
        {"begin": "19:15", "end": "23:40"},
    ),
    (
        "A ladybird has 6 legs. Say it in JSON, the keys are insect and legs.",
        {"insect": "ladybird", "legs": 6},
    ),
    (
        "hello, i'd like 5 jars of honey, write my order as json with food and jars",
        {"food": "honey", "jars": 5},
    ),
    (
        "On the ice Odalys teaches Henning. Make that JSON with teacher and pupil, thanks.",
        {"teacher": "Odalys", "pupil": "Henning"},
    ),
    (
        "Model and hours in JSON, please: The training of the model tiny-scribe took 6.25 hours.",
        {"model": "tiny-scribe", "hours": 6.25},
    ),
    ("json: row, seat. Your place is seat 14 in row F.", {"row": "F", "seat": 14}),
    (
        "Since his youth Evaristo has restored 61 pianos. Form a JSON object of this, with "
        "restorer and pianos.",
        {"restorer": "Evaristo", "pianos": 61},
    ),
)

COPIED = tuple(
    """
collywobbles Seyðisfjörður pluviophile Wawrzyniec Lubumbashi immunoelectrophoretically
Líadan slubberdegullion Chimanimani Qeqertarsuaq binturong bumfuzzle susurration Wyspiański
KDN-8315 v9.1-beta5 🦚🪗 flapdoodle Tegucigalpa Hřebíček obnubilation Machynlleth gallimaufry
kjøttkaker Nezahualcóyotl 7c2d-k4 dacryocystorhinostomy Fionnuala blancmange Gümüşhane
""".split()
)
"""Rare words, names and signs."""
