"""A form sent twice is one deed: the form's ticket and what was said in it make the value of a column that is unique."""

import uuid

from django.db import models


class SentOnce(models.Model):
    """A row made by a form. Rows made otherwise, without a ticket, get a value of their own."""

    once = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def once_of(ticket: uuid.UUID | None, *content: object) -> uuid.UUID:
    """What belongs into `once`: a form sent twice gives one value, sent again with other words it gives another.

    `content` is everything by which two rows differ, the row they belong to included, so that nobody who copies a ticket
    is given somebody else's row as if it were their own.
    """
    return uuid.uuid5(ticket, "\0".join(map(str, content))) if ticket else uuid.uuid4()
