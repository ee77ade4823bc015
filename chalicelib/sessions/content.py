"""What an entry of a log carries besides words. Pure."""

from chalicelib.kit.values import Value
from chalicelib.protocol.contents import Attachment, Card, Form, FormAnswer, Link


class Content(Value):
    """At most one of these, as the entry's kind says; of words alone, none."""

    attachment: Attachment | None = None
    link: Link | None = None
    card: Card | None = None
    form: Form | None = None
    form_answer: FormAnswer | None = None

    @property
    def without_attachment(self) -> "Content":
        """As a draft has it, which only names its attachment."""
        return self.model_copy(update={"attachment": None}) if self.attachment else self


NOTHING = Content()
