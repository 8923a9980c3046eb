"""A mail to the account executive or the customer success manager, by the standard library."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from api.setbacks import Later, Never
from api.telling.channels import Channel
from api.telling.words import Message


class Mail:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, message: Message, place: str, *, again: bool) -> str:
        """A mail server cannot be asked what it has sent: the same message again has the same Message-ID, by which mailboxes know it."""
        mail = written(message, self._channel.sender, place)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPAuthenticationError:
            raise Never(f"[deliver.{self._channel.name}]: the mail server refuses user or password; put that right and replay.") from None
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise self._refused(code, f"refuses the address {place}") from None
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, "refuses the mail") from None
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise Later(f"[deliver.{self._channel.name}]: the mail server could not be reached ({type(error).__name__})") from None
        return str(mail["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        channel = self._channel
        if channel.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(channel.host, channel.port, timeout=20, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(channel.host, channel.port, timeout=20)
            if channel.security == "starttls":
                server.starttls(context=ssl.create_default_context())
        if channel.user:
            server.login(channel.user, channel.secret)
        return server

    def _refused(self, code: int, how: str) -> Later | Never:
        said = f"[deliver.{self._channel.name}]: the mail server {how} ({code})"
        return Later(said) if 400 <= code < 500 else Never(f"{said}; put that right and replay.")


def written(message: Message, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = message.title
    mail["Date"] = formatdate()
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.text}\n\n{message.action}: {message.url}\n")
    return mail
