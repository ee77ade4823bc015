"""What every shape that a caller sends is built on."""

from pydantic import ConfigDict

from chalicelib.kit.values import Value


class Asked(Value):
    """What a caller sends. Strict: no number where text was meant, no text where a flag was."""

    model_config = ConfigDict(strict=True)
