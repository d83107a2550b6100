"""Prompts written by hand after the generator of Qwen3's seventh run was frozen; see `sets`."""

from __future__ import annotations

from typing import Any

from training.language.trials.tool import tool

EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("Morning, little machine, did you rest well?",),
    ("My granddaughter installed you on my tablet. Am I using it properly?",),
    ("g'day mate",),
    ("In which ways might you assist a small sales team?",),
    ("Bonnie's the name and i go to second grade", "did u catch my name"),
    ("Dear assistant, I present myself: Oumar.", "Please, how do I name myself?"),
    ("For Christmas I got a kayak from my uncle.", "Who was the kayak from?"),
    ("there r 26 pupils in my class", "how many pupils did i say there are"),
    (
        "The spare key lies under the flowerpot. Kindly note that.",
        "One moment, somebody is at the door.",
        "Right, so where does the spare key lie?",
    ),
    ("May I know with whom I am chatting?",),
    ("my brother says ur just a guy in an office, true?",),
    ("missed my flight by two minutes, just great",),
    ("We got the keys to our own home this afternoon!",),
    ("My dad lost his job and he hardly speaks to us anymore.",),
    ("i can tie my shoes all by myself now!!",),
    ("say something silly so i have to giggle",),
    ("cheers, you're a legend",),
    ("Nope, you mixed something up there.",),
    ("I'm logging off, have a pleasant weekend!",),
    ("54 and 18 added up makes?",),
    ("There were 83 cookies in the tin and we ate 36. How many are in there now?",),
    ("Could you multiply 6 by 8?",),
    ("My two invoices are over 2789 and 5436 euros. What do they come to?",),
    ("85, does that count as odd?",),
    ("Denmark's capital, what is it called?",),
    ("I'm looking for an antonym: wet.",),
    ("what animal is black and white with stripes",),
    ("How many letters has the English alphabet?",),
    ("What's one bitcoin worth this minute?",),
    ("is it snowing in Innsbruck at the moment?",),
    ("Build me an Android app which counts my steps, please.",),
    ("how do u tell someone 'i am hungry' in Vietnamese",),
    ("Szia, hogy vagy?",),
    ("Moi, mitä kuuluu?",),
    ("🍕🍕🔥",),
    ("xvxv prrrk zuzuzu tlmnt",),
    ("Our CTO mentions inference endpoints in every meeting. How would you define one?",),
    ("does a comma count as a token too",),
    ("Unauthorized, status 401, though I pasted my token twice. Where's the mistake?",),
    ("since i renamed my endpoint there's only 404",),
    ("What is behind the 503 that I see right after deploying?",),
    ("How do replicas help when lots of visitors arrive together?",),
    ("scale to zero sounds wonderful, but what's the catch?",),
    ("Can I pause an endpoint and have the same url back later?",),
    ("For a strict summary of facts, do I pick temperature 0.2 or 1.2?",),
    ("tell me three sports you play with a ball",),
    ("I travel to a trade fair tomorrow. Put six items on my packing list.",),
    ("Would you write four lines of verse about fresh bread?",),
    ("can u do a haiku on thunder",),
    ("bedtime story pls, three sentences, with a tiny owl that loves the daylight",),
    ("Draft a brief text for our customers: the store stays shut on 3 May for stocktaking.",),
    ("My note to the cleaner sounds rude, can you fix it? You forgot the bins again.",),
    (
        "Trim this sentence: During a stormy break our caretaker Mrs Lindgren showed two pupils "
        "her collection of glass marbles.",
    ),
    (
        "Merge all this into a single sentence: The phone rang. Nobody picked up. The caller left "
        "a message.",
    ),
    (
        "My paragraph still lacks a headline. In the cellar grandpa carves wooden ships, and on "
        "Sundays they sail across the pond.",
    ),
    ("happy or unhappy customer? The parcel came a day early and the jacket fits perfectly.",),
    ("The shed holds a rake, two buckets and a hose. Does it hold a hammer, yes or no?",),
    ("For my dictation I need all the letters of squirrel, one by one.",),
    ("pls type snowman in big letters",),
    ("What would be a decent rhyme for bear?",),
)

EXTRACTION: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "The artist Yevhenia was born in Poltava. Extract artist and birthplace in JSON.",
        {"artist": "Yevhenia", "birthplace": "Poltava"},
    ),
    (
        "nephew + age, json pls. my nephew Caspian is 12 now",
        {"nephew": "Caspian", "age": 12},
    ),
    (
        "Yesterday I spent 31.40 dollars on a blanket. As a JSON record with bought and spent, "
        "please.",
        {"bought": "blanket", "spent": 31.4},
    ),
    (
        "Saskia hired Dieudonné for the summer. Who is who? I want JSON with employer and "
        "employee.",
        {"employer": "Saskia", "employee": "Dieudonné"},
    ),
    (
        "Our hike leads us from Bled to Kobarid. Could you save it as JSON, with begin and finish?",
        {"begin": "Bled", "finish": "Kobarid"},
    ),
    (
        "volcano, altitude -> json. Cotopaxi rises to 5897 meters",
        {"volcano": "Cotopaxi", "altitude": 5897},
    ),
    (
        "Good evening, I am Zdenka from Olomouc, 41 years old, and a watchmaker. Please register "
        "me in JSON: name, town, age and profession.",
        {"name": "Zdenka", "town": "Olomouc", "age": 41, "profession": "watchmaker"},
    ),
    (
        "The contract was signed by Hortense Abercrombie. Break that up into JSON, keys given_name "
        "and family_name.",
        {"given_name": "Hortense", "family_name": "Abercrombie"},
    ),
    (
        "JSON: drone, base. The drone HX-58 returns to Narvik.",
        {"drone": "HX-58", "base": "Narvik"},
    ),
    (
        "each Saturday i play badminton, weekday and activity as json would be cool",
        {"weekday": "Saturday", "activity": "badminton"},
    ),
    (
        "Tuija has been the drummer of Velvet Otter for 9 years. drummer, band, years in json",
        {"drummer": "Tuija", "band": "Velvet Otter", "years": 9},
    ),
    (
        "Reminder to all staff: fire drill on 26 February at 8:50 in room Jade. I need date, time "
        "and room of it in JSON.",
        {"date": "26 February", "time": "8:50", "room": "Jade"},
    ),
    (
        "Is the noise too much? Then contact quiet@harborview.example. Only the contact is of "
        "interest to me, as JSON with the key contact.",
        {"contact": "quiet@harborview.example"},
    ),
    (
        "The boat leaked and the fog was thick, yet Bartosz brought up 19 oysters. Name the diver "
        "and the oysters in JSON, keys diver and oysters.",
        {"diver": "Bartosz", "oysters": 19},
    ),
    (
        "my telescope was built by Zeiss in 1966, json with manufacturer and built",
        {"manufacturer": "Zeiss", "built": 1966},
    ),
    (
        "For the curry you add cumin, turmeric and cloves. Collect these spices in a JSON list "
        "whose key is spices.",
        {"spices": ["cumin", "turmeric", "cloves"]},
    ),
    (
        "Wenzel has no pet. JSON with person and pet, and where there is nothing, write null.",
        {"person": "Wenzel", "pet": None},
    ),
    (
        "The opera Silver Thaw lasts 140 minutes. Fill opera, composer and minutes in JSON, and "
        "leave null whatever remains unknown.",
        {"opera": "Silver Thaw", "composer": None, "minutes": 140},
    ),
    (
        "the cafe Blue Teapot deserves 3 stars, make cafe and stars a json",
        {"cafe": "Blue Teapot", "stars": 3},
    ),
    (
        "Job 6614 runs on gpu-node-5. Please answer with JSON that has job and machine.",
        {"job": 6614, "machine": "gpu-node-5"},
    ),
    (
        "Plant: fern. Pot: 4. Helper: Ulrike. Give all three back in JSON, with plant, pot and "
        "helper.",
        {"plant": "fern", "pot": 4, "helper": "Ulrike"},
    ),
    (
        "The pharmacy is open from 8:05 until 19:50. Write from and until in JSON, if you would.",
        {"from": "8:05", "until": "19:50"},
    ),
    (
        "An octopus has 8 arms. How is this in JSON? Use creature and arms.",
        {"creature": "octopus", "arms": 8},
    ),
    (
        "can i have 7 pretzels? my order in json is snack and count",
        {"snack": "pretzels", "count": 7},
    ),
    (
        "This season Bruno coaches Akua. I'd like that in JSON, first coach, then athlete.",
        {"coach": "Bruno", "athlete": "Akua"},
    ),
    (
        "Model and gigabytes, JSON: On the disk the model sonnet-nano takes up 1.35 gigabytes.",
        {"model": "sonnet-nano", "gigabytes": 1.35},
    ),
    ("json: hall, stand. Visit us at stand 21 in hall C!", {"hall": "C", "stand": 21}),
    (
        "Over the winter Pernille knitted 36 mittens. Create a JSON object from it, the keys being "
        "knitter and mittens.",
        {"knitter": "Pernille", "mittens": 36},
    ),
)

COPIED = tuple(
    """
hootenanny Vestmannaeyjar selenophile Władysław Tamanrasset psychoneuroendocrinological
Sadhbh ragamuffin Ruwenzori Kangerlussuaq numbat lollapalooza quiddity Różewicz VJM-6093
v7.4-alpha1 🦫🪘 malarkey Ashgabat Řezníček tergiversation Auchtermuchty farrago rødgrød
Parangaricutirimícuaro 5e0a-t8 electroencephalography Muireann flummery Afyonkarahisar
""".split()
)
"""Rare words, names and signs."""


TOOLS = {
    made["function"]["name"]: made
    for made in (
        tool("uv_index", "Get the UV index at a beach.", beach=("string", "Name of the beach.")),
        tool(
            "lend_book",
            "Lend a book to a reader.",
            reader=("string", "Who borrows it."),
            book=("string", "Title of the book."),
        ),
        tool(
            "set_fan",
            "Set the speed of a fan.",
            fan=("string", "Name of the fan."),
            speed=("integer", "The speed."),
        ),
        tool("transcribe_audio", "Write down a recording.", path=("string", "Path of the audio.")),
        tool(
            "refill_feeder",
            "Refill a bird feeder with seeds.",
            feeder=("string", "Name of the feeder."),
            kilograms=("number", "How much."),
        ),
        tool(
            "find_charger",
            "Find a charger for electric cars in a suburb.",
            suburb=("string", "Name of the suburb."),
        ),
        tool(
            "ski_pass_price",
            "Get the price of a ski pass in a resort.",
            resort=("string", "Name of the resort."),
            days=("integer", "How many days it is valid."),
        ),
        tool(
            "trace_payment",
            "Find out where a payment is.",
            reference=("string", "Reference of the payment."),
        ),
        tool("raise_awning", "Raise an awning.", awning=("string", "Name of the awning.")),
        tool(
            "ounces_to_grams",
            "Convert ounces to grams.",
            ounces=("number", "Weight in ounces."),
        ),
        tool(
            "guided_tours",
            "Find out which guided tours a castle has on a date.",
            castle=("string", "Name of the castle."),
            date=("string", "The date."),
        ),
    )
}
CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "What's the UV index in Copacabana at present?",
        "uv_index",
        {"beach": "Copacabana"},
        ("raise_awning", "transcribe_audio"),
    ),
    (
        "we want to sunbathe on Bondi Beach, how high is the uv index",
        "uv_index",
        {"beach": "Bondi Beach"},
        ("set_fan", "guided_tours", "find_charger"),
    ),
    (
        "Would you lend the book Winter Tides to Cordelia Banks?",
        "lend_book",
        {"reader": "Cordelia Banks", "book": "Winter Tides"},
        ("trace_payment", "refill_feeder"),
    ),
    (
        "Mrs Petrova wants to read Stone Garden, lend her that book please",
        "lend_book",
        {"reader": "Mrs Petrova", "book": "Stone Garden"},
        ("guided_tours", "ounces_to_grams"),
    ),
    (
        "Please set the fan Zephyr to speed 4.",
        "set_fan",
        {"fan": "Zephyr", "speed": 4},
        ("uv_index", "refill_feeder"),
    ),
    (
        "so hot in here!! fan Mistral, speed 6, quick",
        "set_fan",
        {"fan": "Mistral", "speed": 6},
        ("ski_pass_price", "ounces_to_grams", "lend_book"),
    ),
    (
        "I have no time to listen to interview.wav. Could you transcribe it?",
        "transcribe_audio",
        {"path": "interview.wav"},
        ("raise_awning", "trace_payment"),
    ),
    (
        "transcribe memos/idea-12.ogg",
        "transcribe_audio",
        {"path": "memos/idea-12.ogg"},
        ("lend_book", "ski_pass_price"),
    ),
    (
        "Refill the bird feeder Hazel with 2 kilograms of seeds.",
        "refill_feeder",
        {"feeder": "Hazel", "kilograms": 2},
        ("set_fan", "raise_awning"),
    ),
    (
        "the sparrows ate everything, put 1.25 kilograms into feeder Maple",
        "refill_feeder",
        {"feeder": "Maple", "kilograms": 1.25},
        ("uv_index", "find_charger", "transcribe_audio"),
    ),
    (
        "My electric car is nearly empty. Where do I get a charger in Solna?",
        "find_charger",
        {"suburb": "Solna"},
        ("trace_payment", "uv_index"),
    ),
    (
        "any charger for my car in Vesterbro?",
        "find_charger",
        {"suburb": "Vesterbro"},
        ("guided_tours", "lend_book", "ski_pass_price"),
    ),
    (
        "How much is a ski pass in Kitzsteinhorn for 4 days?",
        "ski_pass_price",
        {"resort": "Kitzsteinhorn", "days": 4},
        ("ounces_to_grams", "trace_payment"),
    ),
    (
        "we go skiing 6 days in Val Thorens, tell me the price of the ski pass",
        "ski_pass_price",
        {"resort": "Val Thorens", "days": 6},
        ("refill_feeder", "find_charger"),
    ),
    (
        "My payment never arrived at the bank. Its reference is PX-73508, can you trace it?",
        "trace_payment",
        {"reference": "PX-73508"},
        ("guided_tours", "transcribe_audio"),
    ),
    (
        "trace the payment with reference 19947D",
        "trace_payment",
        {"reference": "19947D"},
        ("find_charger", "set_fan", "raise_awning"),
    ),
    (
        "A storm is coming, so raise the awning terrace-south at once.",
        "raise_awning",
        {"awning": "terrace-south"},
        ("transcribe_audio", "set_fan"),
    ),
    (
        "The English recipe says 4.5 ounces of butter. What does that make in grams?",
        "ounces_to_grams",
        {"ounces": 4.5},
        ("ski_pass_price", "uv_index"),
    ),
    (
        "Which guided tours does the castle Ravensworth have on 2027-05-23?",
        "guided_tours",
        {"castle": "Ravensworth", "date": "2027-05-23"},
        ("lend_book", "refill_feeder"),
    ),
    (
        "are there guided tours of the castle Wartburg on 14 November",
        "guided_tours",
        {"castle": "Wartburg", "date": "14 November"},
        ("ounces_to_grams", "uv_index"),
    ),
)
