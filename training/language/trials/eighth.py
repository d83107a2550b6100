"""Prompts written by hand after the generator of Qwen3's eighth run was frozen; see `sets`."""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("Hi hi, how's life inside the computer today?",),
    ("our teacher wants us to try a chatbot, so here i am",),
    ("aloha!",),
    ("What might you do for somebody who runs a little guesthouse?",),
    ("Allow me to introduce myself: Gwendolyn.", "Now then, under which name do you know me?"),
    ("tariq here, typing with one hand", "do u still have my name"),
    ("My mum plays the accordion in a folk band.", "Which instrument does my mum play?"),
    ("i collected 87 seashells on holiday", "so how many seashells have i got"),
    (
        "Listen carefully, the blue binder is for the tax office.",
        "Hang on, I need to sign for a delivery.",
        "Back again. Which binder was for the tax office?",
    ),
    ("who is it that answers me here?",),
    ("My wife bets that you work in a call center. Does she win?",),
    ("spilled lemonade all over my keyboard, what a morning",),
    ("Our son got accepted at the music school!",),
    ("Since my husband passed away the evenings feel endless.",),
    ("today i finished my first whole book in english :))",),
    ("hit me with your worst pun",),
    ("you're a gem, that helped loads",),
    ("Hold on, this isn't true at all.",),
    ("battery's almost dead, gotta run, cya",),
    ("64 + 29 equals what",),
    ("71 balloons hung on our fence, then 25 flew away. How many are still there?",),
    ("whats the product of 7 and 4",),
    ("On Monday we printed 3194 brochures, on Tuesday 4628. And altogether?",),
    ("Tell me whether 92 is odd or even.",),
    ("ireland's capital is which city",),
    ("Which word means the opposite of deep?",),
    ("Which animal keeps its baby in a pouch?",),
    ("how many centimeters fit into a meter",),
    ("Has the pilots' strike ended by now?",),
    ("how windy is galway gonna be on saturday",),
    ("Can you make an Excel macro for me that deletes every empty row?",),
    ("What's the Icelandic phrase for 'see you soon'?",),
    ("Živjo, kako si?",),
    ("Hej, hvordan går det med dig?",),
    ("🌻🌻☀️",),
    ("blorf gnnt wqwq hjuik",),
    ("we have to deploy to an inference endpoint for class, what even is that",),
    ("Are long words cut into several tokens?",),
    ("My colleague's script works, mine gets 401 from the very same endpoint. Why?",),
    ("404 not found... did somebody delete my endpoint??",),
    ("Should my app simply try again after it gets a 503?",),
    ("If one replica crashes, do the others keep answering?",),
    ("who wakes my endpoint up once it has scaled to zero",),
    ("All through the holidays I forgot to pause my endpoint. Will that show on the bill?",),
    ("Same prompt twice, two different answers. Which setting keeps them alike?",),
    ("three kinds of cheese, go",),
    ("I'm moving into my first flat. Which five things should I buy first? As a list, please.",),
    ("I'd be glad of a few verses about our crooked chimney.",),
    ("make me a haiku, the theme is an empty swing",),
    ("Kindly invent a tale, three sentences long: a crow finds a wedding ring.",),
    ("Tell my tenants in a brief message that the water is off on 12 June from 9 to 11.",),
    ("this came out too harsh, how do i soften it? You still owe me money.",),
    (
        "Can I have this more compact? Right after sunrise our cook Mr Ibrahim carried four "
        "baskets of ripe pears up to the attic.",
    ),
    (
        "Fuse these into just one sentence, please: The tent collapsed. We slept in the car. The "
        "morning was sunny.",
    ),
    (
        "what would you call this text? Twice a year the fishermen paint their boats, and "
        "afterwards the whole harbor dances.",
    ),
    ("Praise or complaint? The soup was watery and we waited an hour for the bill.",),
    ("Our orchestra has a harp, two flutes and a tuba. Has it got a tuba? yes/no is enough",),
    ("How is hedgehog written? One letter at a time, please.",),
    ("raincoat, but all in big letters pls",),
    ("Could you name something that rhymes with train?",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "The poet Amaranta lives in Cartagena. Poet and residence as a JSON object, please.",
        {"poet": "Amaranta", "residence": "Cartagena"},
    ),
    (
        "my godson Ludvik turned 14 on sunday, godson and age in json",
        {"godson": "Ludvik", "age": 14},
    ),
    (
        "They charged me 57.60 pounds for the wheelbarrow. Would you note tool and charge in JSON?",
        {"tool": "wheelbarrow", "charge": 57.6},
    ),
    (
        "Emeka sold Birgitta his old tractor. Which one is the seller and which the buyer? JSON "
        "with those two keys.",
        {"seller": "Emeka", "buyer": "Birgitta"},
    ),
    (
        "We ride all the way from Girona to Antibes. Write that as JSON, source and target being "
        "the keys.",
        {"source": "Girona", "target": "Antibes"},
    ),
    (
        "json w/ glacier and length: Jostedalsbreen is 60000 meters long",
        {"glacier": "Jostedalsbreen", "length": 60000},
    ),
    (
        "Greetings, I'm called Anneke, I'm 34, a glassblower by trade, and my home is Delft. I "
        "want a JSON record of me: name, age, craft and home.",
        {"name": "Anneke", "age": 34, "craft": "glassblower", "home": "Delft"},
    ),
    (
        "The keys were handed to Perpetua Goldsworthy. In JSON, please, her name in two parts, "
        "prename and surname.",
        {"prename": "Perpetua", "surname": "Goldsworthy"},
    ),
    (
        "JSON: tugboat, harbor. The tugboat RW-44 is moored in Gdynia.",
        {"tugboat": "RW-44", "harbor": "Gdynia"},
    ),
    (
        "every Wednesday i go bouldering, can that be json? keys day and hobby",
        {"day": "Wednesday", "hobby": "bouldering"},
    ),
    (
        "Ragnhild has been the treasurer of Moonlit Canoes for 13 years. json of treasurer, club, "
        "years",
        {"treasurer": "Ragnhild", "club": "Moonlit Canoes", "years": 13},
    ),
    (
        "For your calendars: the board meets on 8 July at 16:10 in room Amber. Would somebody put "
        "room, date and hour into JSON?",
        {"room": "Amber", "date": "8 July", "hour": "16:10"},
    ),
    (
        "Found a glove? Report it to desk@copperdock.example. Just that address, in JSON, with "
        "the key address.",
        {"address": "desk@copperdock.example"},
    ),
    (
        "The soil was stony and the spade broke, but Nkechi dug up 28 potatoes. I need the digger "
        "and the potatoes as JSON, keys digger and potatoes.",
        {"digger": "Nkechi", "potatoes": 28},
    ),
    (
        "my typewriter was made by Olivetti in 1962, give me json with company and made",
        {"company": "Olivetti", "made": 1962},
    ),
    (
        "This summer our camp offers pottery, weaving and felting. The crafts should become a JSON "
        "list, with crafts as its key.",
        {"crafts": ["pottery", "weaving", "felting"]},
    ),
    (
        "Gorazd has no balcony. Return JSON of tenant and balcony, null for whatever is lacking.",
        {"tenant": "Gorazd", "balcony": None},
    ),
    (
        "The ballet Ember Lake has 24 dancers. ballet, choreographer and dancers in JSON, and "
        "what isn't mentioned becomes null.",
        {"ballet": "Ember Lake", "choreographer": None, "dancers": 24},
    ),
    (
        "i'd give the comic Robot Meadow a mark of 9, so json for comic and mark",
        {"comic": "Robot Meadow", "mark": 9},
    ),
    (
        "Backup 9027 is kept on nas-berlin-2. Which JSON has backup and server of that?",
        {"backup": 9027, "server": "nas-berlin-2"},
    ),
    (
        "Boat: Osprey. Berth: 19. Skipper: Tindra. Bring these into JSON for me, with boat, berth "
        "and skipper.",
        {"boat": "Osprey", "berth": 19, "skipper": "Tindra"},
    ),
    (
        "Our lunch break begins at 12:25 and is over at 13:10. I'd love that as JSON, "
        "keys begin and end.",
        {"begin": "12:25", "end": "13:10"},
    ),
    (
        "A cow has 4 stomachs. Say that in JSON, using beast and stomachs.",
        {"beast": "cow", "stomachs": 4},
    ),
    (
        "11 envelopes for me, thx. json of the order, with stationery and pieces",
        {"stationery": "envelopes", "pieces": 11},
    ),
    (
        "Once a week Seraphina tutors Hamza. Kindly give me JSON, tutor and learner.",
        {"tutor": "Seraphina", "learner": "Hamza"},
    ),
    (
        "Model and dropout as JSON: We trained the model dune-mini with a dropout of 0.15.",
        {"model": "dune-mini", "dropout": 0.15},
    ),
    ("json: wing, bed. He is in bed 18, wing E.", {"wing": "E", "bed": 18}),
    (
        "During the flood Aurelio filled 470 sandbags. Prepare a JSON object out of it whose keys "
        "are volunteer and sandbags.",
        {"volunteer": "Aurelio", "sandbags": 470},
    ),
)

COPIED = tuple(
    """
brouhaha Stykkishólmur ailurophile Bronisław Nkhotakota spectrophotofluorometrically
Caoilfhionn rigmarole Kilombero Qeqertarsuaq kinkajou razzmatazz quodlibet Iwaszkiewicz WBG-7415
v8.2-beta4 🦜🪆 claptrap Bishkek Jiřičný pulchritudinous Milngavie freekeh smørrebrød
Huitzilopochtli 6f2c-p3 laryngotracheobronchitis Dearbhla blancmange Gümüşhane
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool(
            "aurora_chance",
            "Get the chance of northern lights at a spot.",
            spot=("string", "Name of the spot."),
        ),
        tool(
            "subscribe_newsletter",
            "Subscribe a person to a newsletter.",
            subscriber=("string", "Who gets it."),
            newsletter=("string", "Name of the newsletter."),
        ),
        tool(
            "set_treadmill",
            "Set the incline of a treadmill.",
            treadmill=("string", "Name of the treadmill."),
            incline=("integer", "The incline."),
        ),
        tool("check_spelling", "Check the spelling of a document.", path=("string", "Its path.")),
        tool(
            "fertilize_field",
            "Spread fertilizer on a field.",
            field=("string", "Name of the field."),
            tons=("number", "How much."),
        ),
        tool("find_optician", "Find an optician in a quarter.", quarter=("string", "The quarter.")),
        tool(
            "cottage_rent",
            "Get the rent of a cottage.",
            cottage=("string", "Name of the cottage."),
            weeks=("integer", "How many weeks."),
        ),
        tool(
            "prescription_ready",
            "Find out if a prescription is ready.",
            prescription=("string", "Number of the prescription."),
        ),
        tool("arm_alarm", "Arm an alarm.", alarm=("string", "Name of the alarm.")),
        tool(
            "inches_to_centimeters",
            "Convert inches to centimeters.",
            inches=("number", "Length in inches."),
        ),
        tool(
            "planetarium_shows",
            "Find out which shows a planetarium has on a date.",
            planetarium=("string", "Name of the planetarium."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "What is the chance of northern lights in Abisko tonight?",
        "aurora_chance",
        {"spot": "Abisko"},
        ("arm_alarm", "check_spelling"),
    ),
    (
        "we drove all the way up to Skibotn, any chance of northern lights",
        "aurora_chance",
        {"spot": "Skibotn"},
        ("set_treadmill", "planetarium_shows", "find_optician"),
    ),
    (
        "Could you subscribe Winifred Clarke to the newsletter Harbor Life?",
        "subscribe_newsletter",
        {"subscriber": "Winifred Clarke", "newsletter": "Harbor Life"},
        ("prescription_ready", "fertilize_field"),
    ),
    (
        "Mr Takahashi is mad about orchids, subscribe him to the newsletter Bloom Weekly",
        "subscribe_newsletter",
        {"subscriber": "Mr Takahashi", "newsletter": "Bloom Weekly"},
        ("planetarium_shows", "inches_to_centimeters"),
    ),
    (
        "Set the treadmill Gazelle to an incline of 5, please.",
        "set_treadmill",
        {"treadmill": "Gazelle", "incline": 5},
        ("aurora_chance", "fertilize_field"),
    ),
    (
        "i wanna sweat today!! treadmill Cheetah, incline 9",
        "set_treadmill",
        {"treadmill": "Cheetah", "incline": 9},
        ("cottage_rent", "inches_to_centimeters", "subscribe_newsletter"),
    ),
    (
        "I never know where the commas go. Can you check the spelling of application.docx?",
        "check_spelling",
        {"path": "application.docx"},
        ("arm_alarm", "prescription_ready"),
    ),
    (
        "check spelling in letters/landlord-3.odt",
        "check_spelling",
        {"path": "letters/landlord-3.odt"},
        ("subscribe_newsletter", "cottage_rent"),
    ),
    (
        "Spread 3 tons of fertilizer on the field Longacre.",
        "fertilize_field",
        {"field": "Longacre", "tons": 3},
        ("set_treadmill", "arm_alarm"),
    ),
    (
        "the soil looks exhausted, field Thornhill gets 2.75 tons of fertilizer",
        "fertilize_field",
        {"field": "Thornhill", "tons": 2.75},
        ("aurora_chance", "find_optician", "check_spelling"),
    ),
    (
        "I sat down on my glasses. Which optician is there in Södermalm?",
        "find_optician",
        {"quarter": "Södermalm"},
        ("prescription_ready", "aurora_chance"),
    ),
    (
        "lost a contact lens!! optician in Montmartre pls",
        "find_optician",
        {"quarter": "Montmartre"},
        ("planetarium_shows", "subscribe_newsletter", "cottage_rent"),
    ),
    (
        "What would the cottage Heatherbell cost us for 2 weeks?",
        "cottage_rent",
        {"cottage": "Heatherbell", "weeks": 2},
        ("inches_to_centimeters", "prescription_ready"),
    ),
    (
        "we'd stay 3 weeks, what rent do they ask for the cottage Driftwood",
        "cottage_rent",
        {"cottage": "Driftwood", "weeks": 3},
        ("fertilize_field", "find_optician"),
    ),
    (
        "I ordered my pills this morning. The prescription is RX-58264, is it ready?",
        "prescription_ready",
        {"prescription": "RX-58264"},
        ("planetarium_shows", "check_spelling"),
    ),
    (
        "prescription 40713M ready yet?",
        "prescription_ready",
        {"prescription": "40713M"},
        ("find_optician", "set_treadmill", "arm_alarm"),
    ),
    (
        "Everybody has gone home, so please arm the alarm warehouse-rear.",
        "arm_alarm",
        {"alarm": "warehouse-rear"},
        ("check_spelling", "set_treadmill"),
    ),
    (
        "My new monitor measures 31.5 inches. Please say it in centimeters.",
        "inches_to_centimeters",
        {"inches": 31.5},
        ("cottage_rent", "aurora_chance"),
    ),
    (
        "Which shows are there at the planetarium Stellarium on 2027-08-15?",
        "planetarium_shows",
        {"planetarium": "Stellarium", "date": "2027-08-15"},
        ("subscribe_newsletter", "fertilize_field"),
    ),
    (
        "what shows has the planetarium Cygnus got on 22 April",
        "planetarium_shows",
        {"planetarium": "Cygnus", "date": "22 April"},
        ("inches_to_centimeters", "aurora_chance"),
    ),
)
