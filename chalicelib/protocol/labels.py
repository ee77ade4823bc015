"""Words that an admin writes for people: a text for every language, or one a language."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, get_args
from unicodedata import normalize

from pydantic import AfterValidator, BeforeValidator, StringConstraints

Language = Literal["en", "zh-CN"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
NAME_LIMIT = 80
WORDING_LIMIT = 2_000


def _words(limit: int, *, least: int) -> Callable[[Any], Any]:
    """Judges a text and a text a language alike, so that what is wrong is told of the field itself."""

    def judged(value: Any) -> Any:
        if isinstance(value, str):
            return _one(value)
        if not isinstance(value, dict) or not value or not all(isinstance(v, str) for v in value.values()):
            raise ValueError("give a text, or one a language")
        unknown = sorted(set(value) - set(LANGUAGES))
        if unknown:
            raise ValueError(f"the languages are {' and '.join(LANGUAGES)}, not {str(unknown[0])[:20]}")
        return {language: _one(text) for language, text in value.items()}

    def _one(text: str) -> str:
        text = normalize("NFC", text).strip()
        if len(text) < least:
            raise ValueError("is empty")
        if len(text) > limit:
            raise ValueError(f"is longer than {limit:,} characters")
        return text

    return judged


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LIMIT),
    AfterValidator(lambda text: normalize("NFC", text)),
]
Named = Annotated[str | dict[Language, str], BeforeValidator(_words(NAME_LIMIT, least=1))]
"""A name for people to read."""
Wording = Annotated[str | dict[Language, str], BeforeValidator(_words(WORDING_LIMIT, least=0))]
"""A text, which may be empty."""
