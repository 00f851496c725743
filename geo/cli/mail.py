"""A text sent by mail through a server of the office."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from geo.errors import InputError, cause

__all__ = ["Letter", "Post", "post_of", "send"]

_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.\-\[\]:]{1,255}")
_SERVER = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._\-]+)):(?P<port>\d{1,5})")
_SECONDS = 20.0


@dataclass(frozen=True)
class Letter:
    """What is sent: a subject, plain text, and the same as HTML."""

    subject: str
    text: str
    page: str


@dataclass(frozen=True)
class Post:
    """By which way: server, port, sender, receivers, and whether the connection must be encrypted first."""

    host: str
    port: int
    sender: str
    receivers: tuple[str, ...]
    starttls: bool


def post_of(server: str, sender: str, receivers: Sequence[str], *, starttls: bool) -> Post:
    """The way of a mail from what was typed.

    Raises
    ------
    InputError
        If an address or the server is not written as one.
    """
    for address in (sender, *receivers):
        if not _ADDRESS.fullmatch(address):
            raise InputError("cli.mail_address", given=address)
    found = _SERVER.fullmatch(server)
    if not found or not 0 < int(found["port"]) < 65536:
        raise InputError("cli.mail_server", given=server)
    return Post(found["six"] or found["host"], int(found["port"]), sender, tuple(receivers), starttls)


def send(letter: Letter, post: Post) -> None:
    """Send to all receivers, or say who did not get it.

    Raises
    ------
    InputError
        If the server cannot be reached, does not encrypt, or refuses the mail or a receiver.
    """
    server = f"{post.host}:{post.port}"
    try:
        with smtplib.SMTP(post.host, post.port, timeout=_SECONDS) as line:
            if post.starttls:
                line.starttls(context=ssl.create_default_context())
            refused = line.send_message(_message(letter, post), post.sender, list(post.receivers))
    except smtplib.SMTPNotSupportedError as error:
        raise InputError("cli.mail_no_starttls", server=server) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise InputError("cli.mail_receivers", server=server, receivers=", ".join(error.recipients)) from error
    except smtplib.SMTPException as error:
        code = getattr(error, "smtp_code", None) or "–"
        raise InputError("cli.mail_refused", server=server, code=code) from error
    except ssl.SSLError as error:
        raise InputError("cli.mail_untrusted", server=server) from error
    except (OSError, UnicodeError) as error:
        raise InputError("cli.mail_unreachable", server=server, detail=cause(error)) from error
    if refused:
        raise InputError("cli.mail_receivers", server=server, receivers=", ".join(refused))


def _message(letter: Letter, post: Post) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = post.sender
    message["To"] = ", ".join(post.receivers)
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=post.sender.rpartition("@")[2])
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.page, subtype="html", cte="base64")
    return message
