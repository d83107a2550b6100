"""Things to copy that no list holds: odd words, names, codes, addresses, foreign letters."""

from __future__ import annotations

from training.language.lexicon import Draw, is_held_out

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_MARKED = (
    "áàâäãåæąāçćčďđéèêëęěēğíìîïīłľñńňóòôöõøőōœřśšşțťúùûüůűūýÿźżžþ"
    "ðßıơưăâđêôạảấầẩẫậắằặẹẻẽếềểễệịọốồổộớờởợụủứừửữựỳỷỹ"
)
_ONSETS = (
    "b br bh c ch chr cz d dr dz dh f fj fl g gh gl gn gw h hj hr j k kh kj kl kn kr ks l ll m mb "
    "mj mn n nd ng nj nk p ph pf pl pr ps q qu r rh s sch sh sk sl sm sn sp spr str sv sz szcz t "
    "th tj tl tr ts tw tz v vl vr w wh wr x xh y z zh zw"
).split()
_VOWELS = (
    "a e i o u y aa ae ai ao au ay ea ee ei eo eu ia ie io iu oa oe oi oo ou ua ue ui uo".split()
)
_CODAS = (
    "b ch ck cz d dt f ff g gh h hn j k ks l ld lf lk ll lm ln lt m mb mn mp n nd ng nk ns nt p pf "
    "ps r rb rd rg rk rl rm rn rp rs rt rz s sch sh sk sp ss st sz t tch th ts tt tz v x z zz"
).split()
_ENDINGS = (
    "ability ation edly esque fication fully graphy hood iana iform ification iness ious ishly ism "
    "istic ization less lessness logical logy mancy ment ness ology ometer ously phobia ship some "
    "tion ular ward wise"
).split()
_STARTS = (
    "anti auto bio counter cyber dis electro extra geo hetero hyper inter macro mega meta micro "
    "mis mono multi neo non out over para poly post pre pseudo quasi re semi sub super trans "
    "ultra un under"
).split()
_LAST = "de la,von,van der,O',Mac,al-,el-,bin,di,da,Mc,San,Saint-,Le,D'".split(",")
_SCRIPTS = (
    (0x391, 0x3A1), (0x3B1, 0x3C9), (0x410, 0x44F), (0x5D0, 0x5EA), (0x627, 0x63A),
    (0x905, 0x939), (0xE01, 0xE2E), (0x3042, 0x3093), (0x30A2, 0x30F3), (0x4E00, 0x5400),
    (0xAC00, 0xB000),
)  # fmt: skip


def syllables(draw: Draw) -> str:
    """A word of sounds that many languages have, and of some that none has."""
    rng = draw.rng
    parts = []
    for _ in range(rng.choices((1, 2, 3, 4, 5), (2, 5, 4, 2, 1))[0]):
        parts.append(rng.choice(_ONSETS) + rng.choice(_VOWELS))
        if rng.random() < 0.45:
            parts.append(rng.choice(_CODAS))
    word = "".join(parts)
    if rng.random() < 0.3:
        place = rng.randrange(len(word))
        word = word[:place] + rng.choice(_MARKED) + word[place + 1 :]
    return word


def letters(draw: Draw) -> str:
    """Letters that make no word."""
    count = draw.rng.choices((3, 4, 5, 6, 7, 8, 10, 13), (2, 3, 3, 3, 2, 2, 1, 1))[0]
    return "".join(draw.rng.choice(_LATIN) for _ in range(count))


def long_word(draw: Draw) -> str:
    """A word with something before or behind it, or two words in one."""
    rng = draw.rng
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(_STARTS) + draw.word() + rng.choice(("", rng.choice(_ENDINGS)))
    if kind == 1:
        return draw.word() + rng.choice(_ENDINGS)
    if kind == 2:
        return draw.word() + draw.word()
    return syllables(draw) + rng.choice(_ENDINGS)


def odd_word(draw: Draw) -> str:
    """One word that the model cannot know."""
    makers = (syllables, syllables, syllables, letters, long_word, long_word)
    while True:
        word = draw.rng.choice(makers)(draw)
        if len(word) > 2 and is_held_out(word) == draw.held_out:
            return word


def odd_name(draw: Draw) -> str:
    """A name that the model cannot know, sometimes of several parts."""
    rng = draw.rng
    name = odd_word(draw).capitalize()
    kind = rng.random()
    if kind < 0.1:
        particle = rng.choice(_LAST)
        name = f"{particle}{'' if particle[-1] in '-' + chr(39) else ' '}{name}"
    elif kind < 0.2:
        name = f"{name}-{draw.name()}"
    elif kind < 0.35:
        name = f"{draw.name()} {name}"
    return name


def code(draw: Draw) -> str:
    """Signs as machines write them: identities, versions, addresses, paths."""
    rng = draw.rng
    word = rng.choice((draw.strange, draw.word, lambda: letters(draw)))()
    kind = rng.randrange(15)
    if kind == 13:
        return str(-rng.choice((rng.randint(1, 99), rng.randint(100, 9999), rng.random() * 100)))[
            :7
        ]
    if kind == 0:
        return f"{rng.choice(('0x', '#', ''))}{rng.randrange(16 ** rng.randint(3, 8)):x}"
    if kind == 1:
        return f"{word.upper()[:4]}-{rng.randint(1, 99999)}"
    if kind == 2:
        return f"v{rng.randint(0, 20)}.{rng.randint(0, 30)}.{rng.randint(0, 99)}"
    if kind == 3:
        return ".".join(str(rng.randint(0, 255)) for _ in range(4))
    if kind == 4:
        return f"{word}.{rng.choice(('txt', 'py', 'csv', 'json', 'png', 'md', 'log'))}"
    if kind == 5:
        return f"/{word}/{draw.word()}/{rng.randint(1, 99)}"
    if kind == 6:
        return f"https://{word.lower()}.{rng.choice(('com', 'org', 'io', 'net'))}/{draw.word()}"
    if kind == 7:
        return f"{word.lower()}{rng.choice('._-')}{draw.word()}@{draw.word()}.org"
    if kind == 8:
        return f"{word}{draw.word().capitalize()}{draw.word().capitalize()}"
    if kind == 9:
        return f"{word}_{draw.word()}_{rng.randint(0, 99)}"
    if kind == 10:
        return f"{word}-{draw.word()}-{rng.randint(0, 99)}"
    if kind == 11:
        signs = f"{_LATIN}{_LATIN.upper()}0123456789-_+*/=?!.:;,#%&()[]<>~^$@"
        return "".join(rng.choice(signs) for _ in range(rng.randint(3, 12)))
    if kind == 12:
        return (
            f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}{rng.choice((' kg', ' €', '%', 's', ''))}"
        )
    return "".join(rng.choice("0123456789") for _ in range(rng.randint(3, 14)))


def script(draw: Draw) -> str:
    """Letters of one foreign script."""
    first, last = draw.rng.choice(_SCRIPTS)
    return "".join(chr(draw.rng.randint(first, last)) for _ in range(draw.rng.randint(1, 6)))


def item(draw: Draw) -> str:
    """One thing of any kind."""
    kind = draw.rng.random()
    if kind < 0.3:
        return odd_word(draw)
    if kind < 0.45:
        return odd_name(draw)
    if kind < 0.6:
        return code(draw)
    if kind < 0.63:
        return script(draw)
    if kind < 0.66:
        return draw.emoji()
    return draw.rng.choice((draw.word, draw.thing, draw.name, draw.city, draw.strange))()


def payload(draw: Draw) -> str:
    """What is to be copied: one thing, a few things, or words in a line."""
    rng = draw.rng
    count = rng.choices((1, 2, 3, 4, 6, 9), (9, 3, 2, 1, 1, 1))[0]
    parts = [item(draw) for _ in range(count)]
    if count > 2 and rng.random() < 0.4:
        parts = [rng.choice((draw.word, draw.thing))() for _ in range(count)]
    text = rng.choice((" ", " ", " ", ", ", "-", " / ")).join(parts)
    style = rng.random()
    if style < 0.06:
        return text.upper()
    if style < 0.14:
        return text.title()
    if style < 0.2:
        return f"{text[:1].upper()}{text[1:]}{rng.choice('.!?')}"
    return text
