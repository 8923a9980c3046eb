"""A mail to the account executive or the customer success manager, by the standard library."""

from __future__ import annotations

import hashlib
import html
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
    mail.set_content(f"{message.text}\n\n{message.action}: {message.url}\n\n{_why(message)}\n")
    mail.add_alternative(_page(message), subtype="html")
    return mail


def _why(message: Message) -> str:
    how = "because somebody asked it to" if message.what == "shared" else "by itself"
    return f"Baton wrote this {how}: you own the deal in the CRM, or look after the account."


def _page(message: Message) -> str:
    """Styles stand in the elements, because mail programs drop others; nothing is loaded from anywhere."""
    url, text, why = html.escape(message.url, quote=True), html.escape(message.text), html.escape(_why(message))
    button = "display:inline-block;padding:10px 18px;border-radius:6px;background:#0b5f56;color:#fff;text-decoration:none;font-weight:600"
    return f"""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{html.escape(message.title)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Arial,sans-serif">
<div style="max-width:560px">
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{html.escape(message.title)}</h1>
<p style="margin:0 0 20px">{text}</p>
<p style="margin:0 0 20px"><a href="{url}" style="{button}">{html.escape(message.action)}</a></p>
<p style="margin:0 0 20px;font-size:13px;overflow-wrap:anywhere">{url}</p>
<p style="margin:0;font-size:13px;opacity:.75">{why}</p>
</div></body></html>
"""
