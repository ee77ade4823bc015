"""File names, as they may be shown to people and saved on their machines. Pure."""

import re
from pathlib import PurePosixPath
from typing import Final
from unicodedata import category, normalize

NAME_LIMIT = 200
NAMELESS: Final = "file"
RUNS: Final = frozenset(
    re.findall(
        r"\w+",
        "apk app appimage appx bash bat bin cab chm cmd com command cpl csh dll dmg docm dotm ear elf exe gadget hta htm html "
        "inf ins iso jar js jse ksh lnk mht mhtml mjs msc msi msix msp mst ocx php pif pkg pl potm ppam ppsm pptm ps1 psm1 py "
        "pyc pyw rb reg rgs rpm run scf scr sct sh shb shs shtml so svg svgz swf sys url vb vbe vbs war wasm ws wsc wsf wsh "
        "xbap xht xhtml xla xlam xlm xlsb xlsm xltm xml xsl xslt zsh",
    )
)
"""Extensions of what runs, or makes other things run, when somebody opens it."""
_NOT_IN_A_NAME = re.compile(r'[<>:"|?*\\/]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters, and those that turn the writing round so that `gpj.exe` reads as `exe.jpg`."""


def safe_name(name: str) -> str:
    """The last part of a path, of visible characters that every file system takes; the extension survives shortening."""
    last = re.split(r"[\\/]", normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if category(letter) not in _INVISIBLE)
    tidy = re.sub(r"\s+", " ", _NOT_IN_A_NAME.sub("_", seen)).strip(" .")
    if len(tidy) > NAME_LIMIT:
        ending = PurePosixPath(tidy).suffix[:20]
        tidy = tidy[: NAME_LIMIT - len(ending)].rstrip(" .") + ending
    return tidy or NAMELESS


def extension(name: str) -> str:
    """In small letters, without the dot; empty where there is none."""
    return PurePosixPath(name).suffix[1:].lower()


def named_as(name: str, extensions: tuple[str, ...]) -> str:
    """The name with an extension of its type's: its own if it is one of these, else the first of them added to it."""
    if extension(name) in extensions:
        return name
    ending = f".{extensions[0]}"
    return name[: NAME_LIMIT - len(ending)].rstrip(" .") + ending
