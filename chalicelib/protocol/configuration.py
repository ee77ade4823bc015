"""Configuration as code."""

from chalicelib.kit.values import Value


class ConfigChange(Value):
    """One thing that differs. `fields`: what of it, where it is there on both sides."""

    kind: str
    name: str
    fields: list[str] = []


class ConfigDiff(Value):
    """What applying would do, or has done. What a text doesn't name the kind of is left alone."""

    create: list[ConfigChange] = []
    update: list[ConfigChange] = []
    delete: list[ConfigChange] = []
