"""Prompts written by hand during Qwen3's eighth run; see `sets`."""

from __future__ import annotations

from typing import Any

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("Hello again, my friend, I hope you are in good spirits?",),
    ("At seventy-nine I write to a computer for the first time, please be patient with me.",),
    ("ello",),
    ("Please, for which works can our office use you?",),
    ("Allow me to introduce myself: Montgomery.", "Now, how ought you to address me?"),
    ("my name is Kiri and i have 2 guinea pigs", "who am i do u know it still"),
    ("Our neighbour baked a walnut tart for us.", "What did our neighbour bake?"),
    ("i swam 34 lengths today", "remind me, how many lengths were that?"),
    (
        "I hid the birthday present in the piano. Keep that for me, will you?",
        "Oh wait, the kettle is boiling.",
        "Back again. Where did I hide the present?",
    ),
    ("Sorry, who is it that I write with here?",),
    ("r u alive or like a computer",),
    ("great, coffee all over my keyboard",),
    ("After eleven months of waiting, our adoption papers are signed!",),
    ("Since my wife passed away the evenings are very quiet.",),
    ("guess who jumped off the 5 meter board today, ME",),
    ("Kindly amuse me with something humorous, the meeting was dull.",),
    ("ty ty ty, super helpful",),
    ("This is not correct, please look once more.",),
    ("Well, dear, it is time for my nap. Until tomorrow!",),
    ("whats 65 and 27 together",),
    ("The bakery had 74 rolls this morning and has sold 38. How many are left?",),
    ("i need 9 times 7 for homework",),
    ("We sold 1946 tickets online and 6375 at the door. What is the total?",),
    ("Is 92 one of the even numbers?",),
    ("my quiz asks for the capital of poland",),
    ("Which word means the opposite of clean?",),
    ("who has the longest neck of all animals?",),
    ("How many wheels are there on a tricycle?",),
    ("did the train drivers go on strike today",),
    ("Can I dry my laundry outside in Bristol this afternoon?",),
    ("Kindly develop for our hotel a complete booking software.",),
    ("What would I say in Greek for 'see you soon'?",),
    ("Halo, apa kabar?",),
    ("Bok, kako si danas?",),
    ("🐳🌊🌊",),
    ("mmbrf tktktk oolp wazzn",),
    ("My boss wants an endpoint by Friday and I nod politely. What did I agree to?",),
    ("why is a long word sometimes 3 tokens",),
    ("yesterday all worked, today 401. what could have changed?",),
    ("Our intern gets 404 for every request. Which part of the address should she check?",),
    ("503 since i woke it up a minute ago, do i just wait",),
    ("We have one replica and expect a big crowd on launch day. Is that enough?",),
    ("How long does my endpoint sleep once it has scaled to zero?",),
    ("I go on holiday for three weeks, what do I click so that my endpoint rests?",),
    ("Each time I repeat my question the wording differs. Is the temperature the reason?",),
    ("write down 4 pieces of furniture",),
    ("Which five things should lie in a first aid box? As a list, please.",),
    ("My grandson collects pebbles. Would you compose a small poem on that?",),
    ("one haiku, a frozen pond, go",),
    ("Tell my twins a tale of three sentences in which a scarecrow befriends the crows.",),
    ("write a short sms to my piano teacher, im 20 minutes late because of traffic",),
    ("I am not English, is there a more polite way to say: Send the money today or else?",),
    (
        "Could this be briefer? Before sunrise the old fisherman Anders rowed his two nephews to "
        "the small island with the chapel.",
    ),
    (
        "my teacher wants one sentence not three: The wind blew. My hat flew off. A dog brought it "
        "back.",
    ),
    (
        "What shall I write above this text? Twice a year the women of our valley dye wool with "
        "onion skins and dry it on the fence.",
    ),
    ("is this guest pleased or not: The soup was watery and we waited an hour for the bill.",),
    ("Yes or no: On the desk stand a lamp, a globe and a fan. Is there a globe on the desk?",),
    ("how do u spell crocodile? every letter please",),
    ("The sign must say marmalade, all letters large. How does it look?",),
    ("i write a song and need something that rhymes with train",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "My penfriend Ilze has her residence in Liepaja. Please note penfriend and residence in "
        "JSON.",
        {"penfriend": "Ilze", "residence": "Liepaja"},
    ),
    (
        "json thx, stepsister and years_old: Maeve, my stepsister, is 14",
        {"stepsister": "Maeve", "years_old": 14},
    ),
    (
        "For the wheelbarrow we paid 52.30 pounds. I'd need this as JSON, with tool and paid.",
        {"tool": "wheelbarrow", "paid": 52.3},
    ),
    (
        "In the storm Gunnhild rescued Iskander. Say in JSON who was the rescuer and who the "
        "rescued, with these two keys.",
        {"rescuer": "Gunnhild", "rescued": "Iskander"},
    ),
    (
        "We are leaving Pamplona at dawn and reaching Burgos a week later. Make JSON with leaving "
        "and reaching, please.",
        {"leaving": "Pamplona", "reaching": "Burgos"},
    ),
    (
        "waterfall + drop as json, Skogafoss has a drop of 60 meters",
        {"waterfall": "Skogafoss", "drop": 60},
    ),
    (
        "Good day. Gwendolyn is my name, I come from the county of Fife, I am aged 57 and a "
        "saddler by craft. Kindly enter me in JSON: visitor, county, aged and craft.",
        {"visitor": "Gwendolyn", "county": "Fife", "aged": 57, "craft": "saddler"},
    ),
    (
        "The invoice goes to Ignatius Thornquist. Our system wants his name as JSON, in two parts: "
        "fname and lname.",
        {"fname": "Ignatius", "lname": "Thornquist"},
    ),
    (
        "JSON: glider, airfield. The glider RK-74 took off from Oerlinghausen.",
        {"glider": "RK-74", "airfield": "Oerlinghausen"},
    ),
    (
        "every Sunday its bouldering for me, could u do json with day_of_week and pastime",
        {"day_of_week": "Sunday", "pastime": "bouldering"},
    ),
    (
        "conductor, orchestra and seasons in json: for 13 seasons Odalys has been the conductor of "
        "Thistle Brass",
        {"conductor": "Odalys", "orchestra": "Thistle Brass", "seasons": 13},
    ),
    (
        "Please be informed that the inspection is on 19 April at 13:20 in hangar Bravo. We "
        "request inspection_date, inspection_time and hangar in JSON.",
        {"inspection_date": "19 April", "inspection_time": "13:20", "hangar": "Bravo"},
    ),
    (
        "Left your gloves in the tram? Write to lost@riverline.example. All I need is JSON with "
        "one key, mailbox.",
        {"mailbox": "lost@riverline.example"},
    ),
    (
        "The dog was lazy and the ground was hard, still Kwabena dug up 44 truffles. I would like "
        "to have the digger and the truffles in JSON, keys digger and truffles.",
        {"digger": "Kwabena", "truffles": 44},
    ),
    (
        "grandpas accordion was produced by Hohner in 1952, make producer and produced json",
        {"producer": "Hohner", "produced": 1952},
    ),
    (
        "On our market stall you find jam, soap and honeycomb. Put all of these goods in a JSON "
        "list, and call the key goods.",
        {"goods": ["jam", "soap", "honeycomb"]},
    ),
    (
        "My godchild Amparo has no middle name. JSON with godchild and middle_name, using null for "
        "what does not exist.",
        {"godchild": "Amparo", "middle_name": None},
    ),
    (
        "The ballet Amber Moth has 3 acts. Give ballet, choreographer and acts as JSON; whatever "
        "you cannot find in the text is null.",
        {"ballet": "Amber Moth", "choreographer": None, "acts": 3},
    ),
    (
        "i give 5 marks to the bistro Wooden Ladle, json with bistro and marks pls",
        {"bistro": "Wooden Ladle", "marks": 5},
    ),
    (
        "Backup 8830 is kept on the storage vault-09. Return JSON having backup and storage.",
        {"backup": 8830, "storage": "vault-09"},
    ),
    (
        "Yacht: Puffin. Berth: 23. Skipper: Anselm. The harbour office needs it in JSON, yacht, "
        "berth and skipper.",
        {"yacht": "Puffin", "berth": 23, "skipper": "Anselm"},
    ),
    (
        "Our night shift begins at 21:15 and it ends at 6:30. Would you kindly put shift_begin and "
        "shift_end into JSON?",
        {"shift_begin": "21:15", "shift_end": "6:30"},
    ),
    (
        "A dragonfly has 4 wings. I must hand this in as JSON! The keys are insect and wings.",
        {"insect": "dragonfly", "wings": 4},
    ),
    (
        "hello we are hungry, 11 doughnuts please!! write treat and pieces in json",
        {"treat": "doughnuts", "pieces": 11},
    ),
    (
        "After school Ronan is tutoring Xiomara. In JSON, please, with tutor and learner.",
        {"tutor": "Ronan", "learner": "Xiomara"},
    ),
    (
        "Checkpoint and epochs, as JSON: We saved the checkpoint couplet-lite after 3.25 epochs.",
        {"checkpoint": "couplet-lite", "epochs": 3.25},
    ),
    (
        "json: platform, carriage. Get into carriage 9 on platform D!",
        {"platform": "D", "carriage": 9},
    ),
    (
        "In a single month Radmila repaired 27 clocks. Produce a JSON object with repairer and "
        "clocks from that.",
        {"repairer": "Radmila", "clocks": 27},
    ),
)

COPIED = tuple(
    """
razzmatazz Þorlákshöfn astrophile Bolesław Mbandaka spectrophotofluorometrically
Aodhán guttersnipe Makgadikgadi Qeqertarsuaq binturong whatchamacallit haecceity Iwaszkiewicz
WBH-3178 v8.2-rc3 🦡🪃 claptrap Bishkek Vrchlický pusillanimity Ecclefechan hotchpotch
surströmming Nezahualcóyotl 8d2c-h4 esophagogastroduodenoscopy Caoilfhionn blancmange Kırıkkale
""".split()
)
"""Rare words, names and signs."""
