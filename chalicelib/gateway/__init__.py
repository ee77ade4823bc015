"""The two doors, REST and socket: parsing, sign-in, permission and errors, once. A room's `api.py` says what differs."""
