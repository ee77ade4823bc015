"""YAML in and out. Read and written with PyYAML, which is imported where it is used."""

from typing import Any, Final

from chalicelib.configuration.model import BadConfig

TEXT_LIMIT: Final = 200_000
DEEPEST: Final = 30


def parsed(text: str) -> Any:
    """What the text says. Raises BadConfig, with the line. References between parts of it are refused: they could make little text
    stand for very much.
    """
    import yaml  # noqa: PLC0415

    if len(text) > TEXT_LIMIT:
        raise BadConfig(
            f"The text is longer than {TEXT_LIMIT:,} characters. Send it in parts, a kind at a time."
        )
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise BadConfig("References (*name) are not understood here. Write it out.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BadConfig("The text is nested too deep.")
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise BadConfig(
            f"This is no YAML: {getattr(error, 'problem', None) or 'it can not be read'}{where}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadConfig("A value of the text can't be read, perhaps a date that is none.") from error


def written(config: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415

    return str(yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=110))
