"""What every shape that a caller sends is built on."""

from typing import Any

from pydantic import ConfigDict

from chalicelib.kit.values import Value


class Asked(Value):
    """What a caller sends. Strict: no number where text was meant, no text where a flag was."""

    model_config = ConfigDict(strict=True)


class Change(Asked):
    """What is named is changed; the rest stays: a default here is never read."""

    def changes(self) -> dict[str, Any]:
        """The fields that were named, each with what it shall be."""
        return {name: getattr(self, name) for name in self.model_fields_set}
