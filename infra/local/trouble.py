"""What keeps the server from starting or running on: always one sentence for the person who started it."""


class CannotStart(Exception):
    """The server did not start, and changed nothing. The message is the sentence."""
