"""Whether words ask for nothing. Pure: mere thanks after the end are recorded and wake nobody."""

import re
from unicodedata import normalize

_ASK_FOR_NOTHING = frozenset(
    words.strip()
    for words in """
    thanks|thank you|thank u|thx|ty|tysm|many thanks|thanks a lot|thanks so much|thank you so much|thank you very much
    thanks again|ok|okay|ok thanks|okay thanks|ok thank you|great|great thanks|perfect|perfect thanks|cool|nice|bye|goodbye
    cheers|got it|got it thanks|will do|no thanks|no thank you|have a nice day|you too
    谢谢|谢谢你|谢谢您|谢谢啦|谢谢了|多谢|感谢|非常感谢|十分感谢|谢|谢了|3q|好|好的|好的谢谢|好的谢谢你|好的谢谢您|好哒|好滴|行|嗯|嗯嗯|哦|收到
    收到谢谢|知道了|明白|明白了|了解|辛苦了|辛苦啦|麻烦了|再见|拜拜|没有了|没了|没有了谢谢|没事了|不用了
    """.replace("\n", "|").split("|")
    if words.strip()
)
_BETWEEN_PHRASES = re.compile(r"[^\w ]+|_")


def is_mere_thanks(text: str) -> bool:
    """Nothing but known words of thanks or leave, in either language, emoji and punctuation. A question never is."""
    folded = normalize("NFKC", text).casefold()
    if "?" in folded:
        return False
    phrases = (phrase.strip() for phrase in _BETWEEN_PHRASES.split(" ".join(folded.split())))
    return all(not p or p in _ASK_FOR_NOTHING or p.replace(" ", "") in _ASK_FOR_NOTHING for p in phrases)
