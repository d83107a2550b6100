"""More ways to ask for what was told, by the kind of fact; ``{a}`` is an animal."""

from __future__ import annotations

MORE_ASKED: dict[str, tuple[str, ...]] = {
    "name": (
        "[Which|What] name did I [introduce myself with|start with|give at the beginning|write]?",
        "[What|Which name] should you [call me|use for me]?",
        "[Which|What] name [have I given you|was it that I gave you|did you get from me]?",
        "[Greet|Welcome|Say hi to] me [again, with my name|and use my name|by name][.|]",
        "[How|With which name] [should|do|will] you [address|call] me?",
        "[How did I introduce myself|Under which name do you know me|Who is talking to you]?",
        "[What do my friends|What do people] call me?",
        "[Say|Write|Repeat|Type] [the name|my name][ that I gave you| I told you|][.|]",
        "[So who|Who] [do you think |]I am[ then|]?",
        "[Who are you talking to|With whom are you talking|Who is this|Who wrote to you]?",
        "[Do you|Can you] [still |]say who I am?",
        "[Bet you|I think you] [don't know|have forgotten] [my name|who I am][.|!]",
        "My name[, please|][?|...]",
        "[The|That] name of mine[?|, what was it?]",
    ),
    "city": (
        "[What|Which] [town|city|place] [was it|is it|did I say|did I name|have I told you]?",
        "[Where|In which town] [is my house|do I sleep|did I say I live|am I at home|is my flat]?",
        "[My town|My city|My home][?|, please.|, where is it?]",
        "[Say|Name|Repeat] [the town|the city|the place|my town][ that I told you about|][.|]",
        "[Which place|Which town|What] do I call [home|my home]?",
        "[To which city|Where] would you send [me a letter|my post|a parcel for me]?",
        "[You know|Do you know] [the place|the town] [that I come from|I live in|I named][?|.]",
        "[Bet you|I think you] have forgotten where I [live|come from][.|!]",
    ),
    "age": (
        "[How many|What number of] [years|birthdays] [have I had|am I|did I have][?| so far?]",
        "[How many|For how many] [years|summers|winters] have I [lived|been alive|been around]?",
        "[My age|And my age][, please|][?|.]",
        "[Say|Repeat|Name|Tell me] [my age|how old I am|how many years I am][.|]",
        "[What|Which] [age|number of years] did I [say|give|write|name]?",
        "[Am I old|Am I young]? [Say my age|How old am I].",
        "[Do you|Can you] still say how old I am?",
    ),
    "pet": (
        "[Say|Repeat|Tell me] the name of my {a}[.|]",
        "[My {a}'s name|The name of my {a}|My {a}][?|, please?]",
        "[Who is|What name has] my {a}?",
        "[How should I call|What do I call|How do I call] my {a}?",
    ),
    "number": (
        "[Say|Repeat|Give me|Write] [the number|the code|my number][ again|][.|, please.]",
        "[Which|What] [number|code] [did I tell you|was that|did I mention|have I got]?",
        "[The number|The code|Number][, please|][?|.]",
    ),
    "color": (
        "[Which|What] [colour|color] [is my favourite|did I name|do I prefer|do I love]?",
        "[Say|Name] my favourite [colour|color][.|]",
        "My [colour|color][?|, please.]",
    ),
    "job": (
        "[How do I earn my money|What is my work|What am I by trade|What do I do for a living]?",
        "[Which|What] [job|profession] did I [mention|name|tell you]?",
        "[Say|Name] my [job|profession][.|]",
    ),
    "hobby": (
        "[Which|What] hobby did I [mention|name|tell you about]?",
        "[What do I love to do|What makes me happy|How do I spend my free time]?",
        "[Say|Name] my hobby[.|]",
    ),
    "word": (
        "[Which|What] word did I [tell you|say|mention|name]?",
        "[The word|The password|My word][, please|][?|.]",
        "[Repeat|Say|Write] [the word|that word|the secret word][ again|][.|, please.]",
        "[Now say it|Out with it][:|,] [the word|which word was it][?|!]",
    ),
}
BEFORE_ASKING = (
    "[It slipped my mind|I cannot recall it|My memory is bad|Help me][:|,|.]",
    "[Let's see|Now a test|A little test|Let me test you|Quick test][:|,|.]",
    "[Another question|A question|One question|Next question][:|,|.]",
    "[Think back|Look back|Scroll up|Read above][:|,|.]",
    "[You will know this|You know this|I told you before|I said it above][:|,|.]",
    "[Be honest|Honestly|Tell the truth|Come on|Well then|Now then][:|,]",
    "[Do you remember|Did you listen|Were you listening]?",
    "[Back to me|About me|Something else|Enough of that][:|.|,]",
    "[Can you|Could you] [still |]answer this[:|?]",
)
"""What may stand before such a question."""
