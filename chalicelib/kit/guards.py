"""A number that every change of a whole moves on: of two changes that are each right and together wrong, one is refused."""

from chalicelib.kit.documents import DirectoryItem, QueueItem
from chalicelib.kit.table import Put, get_raw

KIND = "guard"


class Guard:
    """Costs a read before the change and a write with it."""

    def __init__(self, item: type[DirectoryItem | QueueItem], name: str) -> None:
        self._item = item
        self._name = name

    def read(self) -> int:
        """To be read before the whole is."""
        raw = get_raw(self._item, KIND, self._name)
        return int(raw["version"]["N"]) if raw else 0

    def moved(self, number: int) -> Put:
        """The write that comes with a change judged at this number, refused if there was another since."""
        unchanged = self._item.version == number if number else self._item.kind.does_not_exist()
        return Put(self._item(KIND, self._name, version=number + 1, body="{}"), unchanged)
