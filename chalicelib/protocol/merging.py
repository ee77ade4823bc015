"""Merging customers."""

from chalicelib.protocol.asked import Asked
from chalicelib.protocol.values import OpaqueId


class NewMerge(Asked):
    """Into whom: their history has all of it from then on."""

    into: OpaqueId
