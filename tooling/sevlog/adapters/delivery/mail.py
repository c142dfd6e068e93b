"""Plain mail over SMTP: one thread per incident, one transaction for all recipients, who do not see each other."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from email.charset import QP, Charset
from email.header import Header
from email.message import Message as Mime
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote

from .base import DEADLINE, TIMEOUT, BadAddress, Message, Receipt
from .deadline import deadline

_FORM = "smtps://USER:PASSWORD@HOST:465/?from=STATUS@EXAMPLE.COM&to=LIST@EXAMPLE.COM"
_PORTS = {"smtp": 587, "smtps": 465}
_PARAMETERS = frozenset({"from", "to", "reply-to", "unsubscribe"})
_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Mail:
    """A mail server, a sender and recipients."""

    kind = "smtp"

    def __init__(
        self, name: str, address: SplitResult, *, timeout: float = TIMEOUT, patience: float = DEADLINE
    ) -> None:
        """Raises BadAddress."""
        given = parse_qs(address.query)
        strange = sorted(given.keys() - _PARAMETERS)
        if strange or not address.hostname:
            raise BadAddress(name, "it is not the address of a mail server with from= and to=", f"use: {_FORM}")
        self._tls = address.scheme == "smtps"
        self._host = address.hostname
        self._loopback = self._host in _LOOPBACK
        self._port = _port(name, address) or _PORTS[address.scheme]
        self._login = (unquote(address.username), unquote(address.password or "")) if address.username else None
        self._name, self._from = _single_address(name, "from", given.get("from", []))
        self._to = tuple(_address(name, "to", one)[1] for one in given.get("to", []))
        self._reply_to = _single_address(name, "reply-to", given["reply-to"])[1] if "reply-to" in given else None
        self._unsubscribe = _link(name, given["unsubscribe"]) if "unsubscribe" in given else None
        self._timeout, self._patience = timeout, patience
        if not self._to:
            raise BadAddress(name, "recipient (to=) is missing", f"use: {_FORM}")

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        server: smtplib.SMTP | None = None

        def connection() -> socket.socket | None:
            return server.sock if server else None

        with deadline(self._patience, connection), contextlib.ExitStack() as after:
            try:
                server = self._server()
                after.callback(server.close)
                code, _ = server.connect(self._host, self._port)
                if code != 220:
                    return _answered(code, "the greeting")
                refused = self._introduce(server)
                return refused or self._hand_over(server, message)
            except ssl.SSLError:
                return Receipt(outcome="unreachable", reason="no trusted TLS connection to the mail server")
            except smtplib.SMTPResponseException as error:
                return _answered(error.smtp_code, "the greeting")
            except (OSError, smtplib.SMTPException, UnicodeError) as error:
                return Receipt(outcome="unreachable", reason=f"cannot reach the mail server ({words_of(error)})")

    def _server(self) -> smtplib.SMTP:
        if self._tls:
            made: smtplib.SMTP = smtplib.SMTP_SSL(timeout=self._timeout, context=ssl.create_default_context())
        else:
            made = smtplib.SMTP(timeout=self._timeout)
        made._host = self._host  # type: ignore[attr-defined]  # the name to hold the certificate to, before connect
        return made

    def _introduce(self, server: smtplib.SMTP) -> Receipt | None:
        """Greet, encrypt, log in; returns the refusal, if any."""
        server.ehlo_or_helo_if_needed()
        if not self._tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self._tls and self._login and not self._loopback:
            return Receipt(outcome="refused", reason="the connection is not encrypted, so no password is sent")
        if self._login:
            try:
                server.login(*self._login)
            except smtplib.SMTPAuthenticationError as error:
                return _answered(error.smtp_code, "the login")
            except smtplib.SMTPNotSupportedError:
                return Receipt(outcome="refused", reason="the mail server does not support login")
        return None

    def _hand_over(self, server: smtplib.SMTP, message: Message) -> Receipt:
        """The transaction. Nothing is sent before the final dot; after it, only the response decides."""
        code, _ = server.mail(self._from)
        if code != 250:
            return _answered(code, "the sender")
        answers = [server.rcpt(to)[0] for to in self._to]
        taken = [code for code in answers if code in (250, 251)]
        if not taken:
            return _answered(min(answers), "the recipients")  # one that may be taken later makes it worth a try
        code, _ = server.docmd("DATA")
        if code != 354:
            return _answered(code, "the message")
        server.send(_DOT.sub(b"..", self.written(message)))
        try:
            server.send(b".\r\n")
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Receipt(outcome="unknown", reason=f"no response to the message ({words_of(error)})")
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        if code != 250:
            return _answered(code, "the message")
        lost = len(self._to) - len(taken)
        return Receipt(outcome="sent", reason=f"{lost} of {len(self._to)} recipients were refused" if lost else "")

    def written(self, message: Message) -> bytes:
        """The message as sent, with a final line end."""
        mail: Mime[Any, Any] = MIMENonMultipart("text", "plain", policy=compat32.clone(linesep="\r\n"))
        mail["Message-ID"] = _id(message, root=message.first)
        if not message.first:
            mail["In-Reply-To"] = mail["References"] = _id(message, root=True)
        mail["Date"] = format_datetime(message.at)
        mail["From"] = formataddr((self._name or line(message.sender), self._from), "utf-8")
        mail["To"] = self._to[0] if len(self._to) == 1 else "undisclosed-recipients:;"
        if self._reply_to:
            mail["Reply-To"] = self._reply_to
        mail["Subject"] = _header(line(message.topic) if message.first else f"Re: {line(message.topic)}")
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if message.urgent:
            mail["Importance"] = "high"
        if self._unsubscribe:
            mail["List-Unsubscribe"] = f"<{self._unsubscribe}>"
        mail.set_payload(f"{line(message.headline)}\n\n{message.plain}\n", _UTF8)
        return mail.as_bytes()


_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_DOT = re.compile(rb"^\.", re.MULTILINE)
"""A line that begins with a dot begins with two on the wire (RFC 5321, 4.5.2)."""


def _header(text: str) -> Header | str:
    """A text for a header; non-ASCII words are encoded (RFC 2047)."""
    return text if text.isascii() else Header(text, "utf-8", header_name="Subject")


def line(text: str) -> str:
    """The text as one line, so that it cannot begin another header."""
    return " ".join(_LINE.sub(" ", text).split())


def words_of(error: BaseException) -> str:
    """The error, in fixed words."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and error.__context__ is not None:
        error = error.__context__
    for kinds, words in _WORDS:
        if isinstance(error, kinds):
            return words
    return "the connection was lost"


_WORDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (TimeoutError, "no response in time"),
    (ConnectionRefusedError, "the connection was refused"),
    (socket.gaierror, "no such host"),
    (ssl.SSLError, "no trusted TLS connection"),
    (UnicodeError, "no such host"),
)


def _answered(code: int, what: str) -> Receipt:
    """Codes from 500 are final; others mean retry later (RFC 5321, 4.2.1)."""
    if code < 0:
        return Receipt(outcome="unreachable", reason="the mail server closed the connection")
    return Receipt(
        outcome="refused" if code >= 500 else "unreachable", reason=f"the mail server refused {what} ({code})"
    )


def _id(message: Message, *, root: bool) -> str:
    name = message.thread if root else f"{message.key}.{message.thread}"
    return f"<{re.sub(r'[^A-Za-z0-9.-]', '-', name)}@{message.domain}>"


def _single_address(name: str, parameter: str, values: list[str]) -> tuple[str, str]:
    if len(values) != 1:
        raise BadAddress(name, f"it needs exactly one {parameter}=", f"use: {_FORM}")
    return _address(name, parameter, values[0])


def _address(name: str, parameter: str, text: str) -> tuple[str, str]:
    """The name and the address of `Status <status@example.com>`, each without the other. Raises BadAddress."""
    match = re.fullmatch(r"(?:([^<>]*)<)?([!-;=?A-~]+)@([^<>@\s]+)>?", line(text))
    try:
        host = match[3].encode("idna").decode() if match else ""
    except UnicodeError:
        host = ""
    if match is None or "@" in match[2] or not host:
        raise BadAddress(name, f"{parameter}= is not a mail address", f"use: {_FORM}")
    return line(match[1] or ""), f"{match[2]}@{host}"


def _port(name: str, address: SplitResult) -> int | None:
    try:
        return address.port
    except ValueError:
        raise BadAddress(name, "the port is invalid", f"use: {_FORM}") from None


def _link(name: str, values: list[str]) -> str:
    if len(values) != 1 or not re.fullmatch(r"(https://|mailto:)[!-;=?-~]+", values[0]):
        raise BadAddress(name, "unsubscribe= is not an https or mailto address")
    return values[0]
