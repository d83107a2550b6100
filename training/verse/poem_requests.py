"""How people ask for a poem: the phrasings of training, and those kept for evaluation."""

from __future__ import annotations

import random

from training.language.wording import disturb, vary

LESSON_REQUEST = "Please write a short poem about {t} for me."

_OPEN = (
    LESSON_REQUEST,
    "[Please write|Write|Write me|Please write me|Can you write|Could you write|Compose|Make] "
    "a [short |little |small |nice |lovely ||]poem [about|on] {t}[.|!|, please.| for me.|]",
    "[Write|Please write|Give me|Compose|Create|Make up|Tell me] a [short |little |brief |]"
    "[poem|verse|rhyme|rhyming poem] about {t}[.||!| please.]",
    "[Can|Could|Would|Will] you [please ||kindly ][write|compose|make|create] [me |us |]"
    "[a poem|a short poem|a rhyme|a small poem|some verses] about {t}?",
    "I [want|would like|need|'d love] a [short |little |]poem about {t}[.|, please.| today.]",
    "[A|One] [short |little |]poem about {t}[, please|][.|!|]",
    "[poem|rhyme|verse|short poem|a poem] about {t}",
    "[Hello|Hi|Hey][!|,] [please |can you |could you ]write a [short |]poem about {t}[.|?|]",
    "[Let me hear|Show me|I want to read] a [poem|rhyme|short poem] about {t}[.|!]",
    "[Write|Make] [something that rhymes|a few rhyming lines|some rhyming lines] about {t}.",
    "My [friend|teacher|class|daughter|team] likes {t}. [Please write|Write|Can you write] a poem "
    "about {t}[.|!|?]",
    "[Rhyme|Sing|Make verses] about {t}[.|, please.|!]",
    "Write a poem. [The topic is|Topic:|Subject:|It should be about] {t}[.|]",
    "[Please help me with|I am looking for] a [short |]poem about {t}.",
    "What would a [short |]poem about {t} [sound|look] like?",
    "Do you know a [poem|rhyme|verse] about {t}?",
    "[Praise|Celebrate] {t} in [verse|a short poem|a rhyme].",
    "[Topic|Theme|Title]: {t}. [A poem|A rhyme|One short poem], please[.|!]",
    "{t}[:|,] [a poem|a rhyme|a short poem][, please|][.|!]",
    "[Time for|Let's have|We need|Today we want] [a poem|a rhyme|some verses][!|:] {t}[.|!|]",
    "[It would be nice|I would be glad|It would be great] to [read|have|hear] a poem about {t}.",
    "For [our website|my talk|the party|my blog] [I need|we want] a [nice|happy|short] poem "
    "[on|about] {t}.",
    "[Take|Use] {t} as [your|the] [topic|theme|subject] [of|for] a poem[.|, please.]",
    "[Inspire|Delight|Entertain] me with [a poem|a rhyme|verses] about {t}[.|!]",
    "Imagine you are a poet[. Write|. Tell me|: write] about {t}.",
    "[Is it possible|Are you able] to write a poem about {t}?",
)

_ANYWHERE = (
    "{t} [needs|deserves|is waiting for|is worth] a [poem|rhyme|song of praise][.|!|]",
    "{t}: [can you rhyme on that|what rhymes come to you|a few lines, please|I want verses][?|.|]",
    "[I saw|I met|I bought|I dreamed of|I remember] {t} [today|yesterday|last night|on holiday]. "
    "[Make|Write] [it a poem|a rhyme of it|a poem from that][.|!]",
    "Let {t} [shine|dance|live|walk|speak] in [a poem|your verses|four lines|a rhyme][.|!]",
    "[Put|Bring|Get|Work] {t} into a [poem|rhyme|verse][.|, please.|!| for us.]",
    "[If|When] {t} [were|was] a poem, how would it [go|begin|read|sound]?",
    "[Everybody|My neighbor|Our teacher|The boss] [talks of|thinks of|sings of|wants] {t}[.|:|;] "
    "[so rhyme|write a verse|make a poem, please][.|!]",
    "[Would|Could|Might] {t} [fit|go|look good] in a [poem|rhyme]? [Try it|Let me see|Go on][.|!]",
    "[How|What] about [some|a few] [lines|verses|rhymes] with {t} in [them|it]?",
    "A [poem|verse|rhyme] [with|in which there is|that has|full of] {t}[, please|][.|!|]",
    "[Lines|Stanzas|Verses|Rhymes] [with|for|of] {t} [wanted|needed|please][.|!|]",
    "[Because|Since|As] I [like|have|miss|need] {t}, [write|make|give] me a [poem|rhyme][.|!]",
    "[Rhyme|Verse|Poem] [me|us] {t}[.|!|, please.]",
    "{t} and [nothing else|a rhyme|you, dear poet]: [write|go|begin][!|.]",
    "[The title|The first word|The rhyme] of [your|the|my] [poem|verses] [is|shall be] {t}[.|!]",
    "[Say it|Tell it|Tell me] in rhyme: {t}[.|!|]",
    "[Is|Was] {t} ever in a poem? [Now it is your turn|Then write it|Please do it][.|!]",
    "[For|To] {t}, [with a smile|in rhyme|from a poet|as a present]: [a poem|some lines|verses]"
    "[.|!|, please.]",
    "[Long live|Hail to|Here's to|Good morning,] {t}! [Say that|Sing that|Now that] [in verse|"
    "as a poem|with rhymes][.|!]",
    "[What would|Could] a [song|verse|rhyme] [say about|make of|do with] {t}?",
)
"""The topic at the front, in the middle and at the end, as what acts and what is acted upon."""

_FREE = (
    "I'd [love|like|enjoy] a [poem|rhyme] that [talks about|praises|is about|deals with] {t}.",
    "[Poems|Rhymes] are [fun|nice|lovely]. [Do|Make|Write] one [about|on|for] {t}[.|!]",
    "What [rhymes|verses|lines] can you [offer|find|give me] [on|about] {t}?",
    "[Pick up your pen|Take a pen|Sit down] and [write|rhyme|sing] about {t}[.|!]",
    "[Consider|Imagine|Picture|Look at] {t}[. Then write| and write|. Now write] a [short |]poem"
    "[.| about it.]",
    "A [poem|rhyme|verse] [for|in honour of|in praise of] {t}[, please|][.|!]",
    "[Honour|Greet|Welcome|Surprise] {t} with a [poem|rhyme|verse][.|!]",
    "The [topic|theme|subject|word] [of the day |of this week |]is {t}[.|!] [Write|Make|Give us] "
    "a [poem|rhyme|verse][.|, please.]",
    "[Poem|Poetry|Rhyme|Verse] [request|wanted|challenge|time|hour][:|!] {t}[.|!|]",
    "[Could I|May I|Might I|Can I] [have|ask for|get|order] [a poem|a rhyme|some verse|poetry] "
    "[about|on] {t}[?|, please?|, from you?]",
    "[Turn|Make|Put|Transform] {t} into [a rhyme|verse|poetry|a small poem|a poem][.|, please.]",
    "[My|Our] [son|boss|grandma|class|team] [wants|would love|asked for] a poem [about|on] {t}.",
    "[Something|A little something] [poetic|in rhyme|in verse] [about|on] {t}[.|, please.|?]",
    "[Let's|Let us] [rhyme|make a poem|write poetry|have some verse] about {t}!",
    "As a poet, what [would|could] you [say|write|sing] about {t}?",
    "How would a poet [describe|see|praise|present] {t}?",
    "[Describe|Present|Paint|Show] {t} in [a few|some] [rhyming |]lines[.|, please.]",
    "[Please |]dedicate a [poem|verse|rhyme] to {t}[.|!]",
    "[Your|The] [task|job|mission|homework]: [a|one] [short |]poem about {t}.",
    "[Poet|Dear poet|Pocket Gemma|Gemma], [please |][write|rhyme|sing] about {t}[.|!]",
    "Is there a [poem|rhyme|verse] about {t} [in you|that you like|you could tell me]?",
    "[I am|We are] [collecting|reading|printing] poems[.|:] [Do you have|Got|Is there] one about "
    "{t}?",
    "[Write|Give me|Show us] [poetry|verse|rhymes] on the [theme|topic|matter] of {t}[.|!]",
    "This time [I want|we take|let us have] {t} as [the theme|the topic] of [your|a] [poem|rhyme].",
    "[Rhymes|Verses|Poem|Poetry], please: {t}",
    "One poem, [topic|subject|theme] {t}, not [too |]long[.|!]",
    "[Create|Make|We want] poetry. [Subject|Topic|Theme]: {t}[.|]",
    "[If|When] you think of {t}, [what|which] [poem|rhyme] comes to mind?",
    "I [like|love|hate|sell|study] {t}. Can you [rhyme on that|write a poem|make a rhyme]?",
    "[Here is|I have] a [topic|theme|subject] for you: {t}. [Please write|Now write|Write] a poem.",
    "[Today|Tonight|Now] it [is|must be] {t}[:|.] [rhyme|write a poem|give us a verse][!|.]",
    "[Begin|Start] with {t} and [end with|make|write] a [short |]poem.",
    "[Take|Choose|Use] {t} and [make|build|shape] a [poem|rhyme] [of it|from it|out of it].",
    "[Today's|This week's|My] [word|title|wish] is {t}. [Rhyme on it|A verse, please|Sing][!|.]",
    "[On|About] [the subject|the topic|the matter] {t}[:|,] [a poem|a verse|some rhymes]"
    "[.|!|, please.]",
    "[Write|I'd like|Give me] [a poem|a rhyme|verses] [on|about] the "
    "[joy|beauty|magic|idea|story|meaning|wonder|charm] of {t}[.|, please.| for me.]",
    "[I want|We would like|I hope for] [a poem|a rhyme|verses] [on|about] {t} from "
    "[you|a poet|your pen|a small model][.|!]",
    "What about {t} [in a poem|as a poem|in verse]?",
    "I [would be pleased|would be thankful|'d be so glad] [for|to receive] a [poem|verse] "
    "[on|about] {t}.",
    *_ANYWHERE,
)

_BEFORE = (
    "[Hi|Hello|Hey|Good morning][!|,|.]",
    "It is [raining|late|a sunny day|my lunch break|monday|cold].",
    "I need [a break|some fun|a smile|an idea].",
    "You are a [great|fine|good|famous] poet.",
    "[Quick|Simple|Small|Next] [request|question|task]:",
    "I am [bored|tired|happy|a teacher|giving a talk|new here].",
    "[My birthday|The party|The lesson|The show] is [tomorrow|today|soon].",
    "[Please|OK|Well|Now then|So],",
    "Do me a favour:",
    "[Are you ready|Can you rhyme|Do you like poems]?",
)
_AFTER = (
    "[Keep it|Make it|It should be] [short|sweet|cheerful|simple|funny|small].",
    "[It should|It has to|Let it] rhyme.",
    "[Thank you|Thanks|Please|Cheers][!|.]",
    "It is for [my mum|a card|school|a friend|my class|our newspaper|the kids].",
    "[Do|Try] your best!",
    "I [like|love] [poems|rhymes|your poems].",
    "[Surprise|Amaze] [us|them]!",
    "Only the poem, please.",
)

_OTHER_FORMS = (
    "[Write|Please write|Tell me|Can you write] a [haiku|limerick|sonnet|ballad] about {t}[.|]",
    "[Write|Please write|Tell me|Can you write] a [story|short story|essay|letter|speech] "
    "about {t}[.|]",
)
OTHER_FORM_EXCUSE = "I only write short rhymes, so here is one:"

_WITH_LENGTH = {
    2: (
        "[Write|Please write|Give me|Compose] [two|2] [rhyming |]lines about {t}[.|, please.|]",
        "[Write|Give me|Please write|Make] a [rhyming |]couplet about {t}[.|!| for me.]",
        "[Please write|Write|Can you write] a [two-line|2-line|very short] poem about {t}[.|]",
    ),
    4: (
        "[Write|Please write|Give me|Compose] [four|4] [rhyming |]lines about {t}[.|, please.|]",
        "[Write|Please write|Can you write] a [four-line|4-line] poem about {t}[.|]",
        "[Write|Please write] a poem [of four lines|with four lines|in 4 lines] about {t}.",
    ),
    6: (
        "[Write|Please write|Give me] [six|6] [rhyming |]lines about {t}[.|, please.|]",
        "[Write|Please write|Can you write] a [six-line|6-line] poem about {t}[.|]",
    ),
    8: (
        "[Write|Please write|Give me] [eight|8] [rhyming |]lines about {t}[.|, please.|]",
        "[Write|Please write|Can you write] an [eight-line|8-line] poem about {t}[.|]",
        "[Write|Please write|Compose] a [long|longer] poem about {t}[.| for me.]",
    ),
}

HELD_OUT_REQUESTS = (
    "Could you pen a few lines of verse about {t}?",
    "I'd be happy to get a poem on the subject of {t} from you.",
    "It's poetry time! Today's theme is {t}.",
    "Surprise me with a tiny poem about {t}.",
    "For my newsletter I need a short and cheerful poem about {t}.",
    "Please compose a short rhyming poem for me. It must be about {t}.",
    "Be a poet and tell me about {t} in rhyme.",
    "Would it be possible to have a brief poem about {t}, please?",
    "Come on, write one small poem on {t} for my kids!",
    "Think of {t} and turn it into a short poem.",
)
"""Phrasings for evaluation only. Training never sees one of them.

Results on them guided the generator, as on a development set; ``BLIND_REQUESTS`` did not.
"""

BLIND_REQUESTS = (
    "Hey, would you mind rhyming a bit about {t}?",
    "My grandfather adores {t}, so write him something in verse.",
    "Could we have a humorous little rhyme concerning {t}?",
    "Whip up a quick poem where {t} plays the main part.",
    "{t} would make a fine poem, don't you think? Show me.",
    "Let your muse sing of {t}, please.",
    "I'm making a birthday card about {t}; add a short rhyme.",
    "Please write a short poem about {t} and sign it with love.",
)
"""Phrasings that were written after the last change of the requests, kept out of all tuning."""

_AGAIN = (
    "[Another one|Another|One more|Again|Another poem][, please.|!|.| please| about it.]",
    "[Please write|Write|Can you write] another [one|poem|verse][.||, please.]",
    "[Can I have|Give me|I'd like] [another|one more][ poem|][.|, please.|?]",
)
_LONGER = ("[Make it|Can you make it|Please make it] longer[.|?|!]", "A longer one[, please|].")
_SHORTER = ("[Make it|Can you make it|Please make it] shorter[.|?|!]", "A shorter one[, please|].")
_NOW_ABOUT = (
    "[Now|And now] [one |a poem |write one |]about {t}[.|, please.|]",
    "[And|Now|What about|How about] one about {t}[?|.]",
    "[Great|Nice|Lovely|Thanks][!|.] [Now|And] [one|a poem] about {t}[.|, please.|?]",
    "[Next topic|The next topic]: {t}[.|]",
    "[Write|Please write] the same [kind of poem |]about {t}.",
)
_WHICH = (
    "What [was|is] [that|the|your] poem about?",
    "[Remind me: what|What] did I ask for?",
    "Which topic was that?",
)


def ask_for_poem(rng: random.Random, topic: str) -> tuple[str, int | None]:
    """A request for a poem, and the number of lines it asks for (``None``: it does not say)."""
    if rng.random() < 0.12:
        return LESSON_REQUEST.replace("{t}", topic), None
    if rng.random() < 0.25:
        lines = rng.choice(tuple(_WITH_LENGTH))
        return vary(rng, rng.choice(_WITH_LENGTH[lines]), t=topic), lines
    request = vary(rng, rng.choice(rng.choice((_OPEN, _FREE)))).replace(" 'd", "'d")
    if rng.random() < 0.2:
        request = f"{vary(rng, rng.choice(_BEFORE))} {request}"
    if rng.random() < 0.2:
        request = f"{request} {vary(rng, rng.choice(_AFTER))}"
    if rng.random() < 0.25:
        request = disturb(rng, request)
    request = request.replace("{t}", topic)
    if rng.random() < 0.08:
        request = rng.choice((request.lower(), request.rstrip(".!")))
        if topic not in request:
            return ask_for_poem(rng, topic)
    return request, None


def ask_for_other_form(rng: random.Random, topic: str) -> str:
    """A request for a kind of text that the model does not write."""
    return vary(rng, rng.choice(_OTHER_FORMS), t=topic)


def ask_again(rng: random.Random) -> tuple[str, int | None]:
    """A follow-up that wants the same topic once more, and the number of lines it wants."""
    phrasings, lines = rng.choices(((_AGAIN, None), (_LONGER, 8), (_SHORTER, 2)), (5, 1, 1))[0]
    return vary(rng, rng.choice(phrasings)), lines


def ask_about_next(rng: random.Random, topic: str) -> str:
    """A follow-up that changes the topic."""
    return vary(rng, rng.choice(_NOW_ABOUT), t=topic)


def ask_which_topic(rng: random.Random) -> str:
    """A question about the poem before."""
    return vary(rng, rng.choice(_WHICH))
