"""Requests over HTTP against servers that answer, hang, break off, redirect and never end; proxies and certificates."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fixtures.servers import RawServer, answer, free_port, running
from sevlog.adapters.http_client import Answer, Client, NoAnswer, Post

HEADERS = {"User-Agent": "sevlog/test", "Accept": "application/json"}
GOOD = answer(200, b'{"a": 1}')


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have waited between attempts."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


class Servers:
    """Servers that are up until the test ends."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, *answers: bytes | str, tls: ssl.SSLContext | None = None) -> RawServer:
        found: RawServer = self._stack.enter_context(running(RawServer(*answers, tls=tls)))
        return found


@pytest.fixture
def serve() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


def get(url: str, *, timeout: float = 5, max_bytes: int = 1 << 20) -> Answer:
    with Client(HEADERS, timeout=timeout, max_bytes=max_bytes) as client:
        return client.get(url)


def moved(code: int, to: str) -> bytes:
    return answer(code, b"", f"Location: {to}")


def test_a_document_is_asked_for_in_plain_form_with_our_headers(serve: Servers) -> None:
    server = serve(GOOD)

    assert get(server.url()) == Answer(200, "Word", b'{"a": 1}')
    assert sorted(server.heads[0]) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        "GET /x.json HTTP/1.1",
        f"Host: 127.0.0.1:{server.server_address[1]}",
        "User-Agent: sevlog/test",
    ]


@pytest.mark.parametrize(
    ("first", "waited"),
    [
        (answer(500, b"", "Retry-After: 0"), []),
        (answer(429, b"", "Retry-After: 7"), [7]),
        (answer(503, b"", "Retry-After: 9999"), [60]),
        (answer(429, b"", "Retry-After: soon"), [1]),
        (answer(502, b""), [1]),
        (b"HTTP/1.1 503 Word\r\n\r\nno length", [1]),
        ("gone", [1]),
        ("mute", [1]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", [1]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{", [1]),
    ],
)
def test_it_asks_again_where_the_host_is_busy_or_breaks_off(
    serve: Servers, waits: list[float], first: bytes | str, waited: list[float]
) -> None:
    server = serve(first, GOOD)

    assert get(server.url(), timeout=0.3).body == b'{"a": 1}'
    assert waits == waited
    assert len(server.heads) == 2


def test_after_four_attempts_the_answer_stands(serve: Servers, waits: list[float]) -> None:
    server = serve(answer(503, b"busy"))

    assert get(server.url()) == Answer(503, "Word", b"")
    assert waits == [1, 2, 4]
    assert len(server.heads) == 4


def test_after_four_broken_connections_it_says_what_broke(serve: Servers, waits: list[float]) -> None:
    server = serve("gone", answer(500, b""), "gone")

    with pytest.raises(NoAnswer, match="Remote end closed connection without response") as raised:
        get(server.url())
    assert raised.value.connected
    assert waits == [1, 2, 4]
    assert len(server.heads) == 4


@pytest.mark.parametrize("code", [204, 304, 400, 403, 404, 410, 413, 501])
def test_other_answers_stand_at_once_also_with_retry_after(serve: Servers, waits: list[float], code: int) -> None:
    server = serve(answer(code, b"", "Retry-After: 1"))

    assert get(server.url()).status == code
    assert (len(server.heads), waits) == (1, [])


def test_nobody_there_is_not_tried_again(waits: list[float]) -> None:
    with pytest.raises(NoAnswer, match="Connection refused") as raised:
        get(f"http://127.0.0.1:{free_port()}/x")
    assert not raised.value.connected
    assert waits == []


def test_a_host_that_is_silent_during_the_tls_handshake_is_not_tried_again(serve: Servers, waits: list[float]) -> None:
    server = serve("mute")

    with pytest.raises(NoAnswer, match="timed out") as raised:
        get(server.url().replace("http:", "https:"), timeout=0.3)
    assert not raised.value.connected
    assert waits == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:port/x", f"http://{'a' * 70}.invalid/x", "http://[::1/x", "gopher://127.0.0.1/x"]
)
def test_an_address_that_cannot_be_asked_is_one_error(waits: list[float], url: str) -> None:
    with pytest.raises(NoAnswer):
        get(url)
    assert waits == []


def test_a_body_without_an_end_is_cut_off_at_the_limit(serve: Servers) -> None:
    assert 100_000 < len(get(serve("endless").url(), max_bytes=100_000).body) < 200_000


def test_a_compressed_body_is_not_unpacked(serve: Servers) -> None:
    """Nobody asked for one, and a small one can unpack to gigabytes."""
    server = serve(answer(200, b"\x1f\x8b bad", "Content-Encoding: gzip"))

    assert get(server.url()).body == b"\x1f\x8b bad"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_to_another_host(serve: Servers, code: int) -> None:
    other = serve(GOOD)
    server = serve(moved(code, other.url("/y", host="localhost")))

    assert get(server.url()).body == b'{"a": 1}'
    assert other.heads[0][0] == "GET /y HTTP/1.1"


def test_redirects_in_a_circle_end_after_ten(serve: Servers, waits: list[float]) -> None:
    server = serve(moved(302, "/x.json"))

    assert get(server.url()).status == 302
    assert (len(server.heads), waits) == (11, [])


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", ""])
def test_a_redirect_to_anything_but_http_is_not_followed(serve: Servers, location: str) -> None:
    server = serve(moved(302, location))

    assert get(server.url()) == Answer(302, "Word", b"")
    assert len(server.heads) == 1


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:port/"])
def test_a_redirect_to_no_address_is_one_error(serve: Servers, waits: list[float], location: str) -> None:
    server = serve(moved(302, location))

    with pytest.raises(NoAnswer):
        get(server.url())
    assert (len(server.heads), waits) == (1, [])


def test_a_host_with_other_letters_is_found_without_a_package_for_them(serve: Servers) -> None:
    """Full-width letters are the same host to DNS (RFC 3490)."""
    server = serve(GOOD)

    assert get(server.url(host="\uff4c\uff4fcalhost")).status == 200


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A TLS server's context with a certificate of its own for a name, and the certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and it is not installed")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 3650 "
        f"-subj /CN={name} -addext subjectAltName=DNS:{name}".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, made


def test_a_certificate_must_be_trusted_and_for_the_host(
    serve: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    context, made = certificate(tmp_path, "localhost")
    server = serve(GOOD, tls=context)

    with pytest.raises(NoAnswer, match="certificate verify failed"):
        get(server.url(host="localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    assert get(server.url(host="localhost")).status == 200
    with pytest.raises(NoAnswer, match="not valid for '127.0.0.1'"):
        get(server.url())
    assert len(server.heads) == 1
    assert waits == []


def test_a_post_that_may_have_arrived_is_known_from_one_that_has_not(
    serve: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that wants a certificate says so after the request was sent (TLS 1.3)."""
    context, made = certificate(tmp_path, "localhost")
    server = serve(GOOD, tls=context)

    with pytest.raises(NoAnswer) as raised:
        Post(server.url(host="localhost"), timeout=5).send(b"{}", HEADERS)
    assert (raised.value.connected, type(raised.value.cause)) == (False, ssl.SSLCertVerificationError)

    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    context.verify_mode = ssl.CERT_REQUIRED
    with pytest.raises(NoAnswer) as raised:
        Post(server.url(host="localhost"), timeout=5).send(b"{}", HEADERS)
    assert raised.value.connected
    assert server.heads == []


@pytest.mark.parametrize("first", [answer(503, b"", "Retry-After: 0"), answer(429, b""), moved(307, "/y")])
def test_a_post_is_sent_once(serve: Servers, waits: list[float], first: bytes) -> None:
    server = serve(first, GOOD)

    assert Post(server.url(), timeout=5).send(b"{}", HEADERS) == int(first.split()[1])
    assert (len(server.heads), waits) == (1, [])


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment_is_used(serve: Servers, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    proxy, server = serve(answer(200, b"proxied")), serve(answer(200, b"direct"))
    monkeypatch.setenv("http_proxy", f"{scheme}us%40er:pa%3Ass@127.0.0.1:{proxy.server_address[1]}")

    assert get(server.url()).body == b"proxied"
    assert Post(server.url(), timeout=5).send(b"{}", HEADERS) == 200
    assert [head[0] for head in proxy.heads] == [f"GET {server.url()} HTTP/1.1", f"POST {server.url()} HTTP/1.1"]
    credentials = [line.split(": ", 1)[1] for head in proxy.heads for line in head if "authorization" in line.lower()]
    assert credentials == ["Basic dXNAZXI6cGE6c3M="] * 2
    assert server.heads == []


def test_a_redirect_leaves_the_proxy_where_no_proxy_says_so(serve: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(answer(200, b"direct"))
    proxy = serve(moved(302, server.url(host="localhost")))
    monkeypatch.setenv("HTTP_PROXY", proxy.url(""))
    monkeypatch.setenv("NO_PROXY", "localhost")

    assert get("http://status.example/x").body == b"direct"
    assert proxy.heads[0][0] == "GET http://status.example/x HTTP/1.1"


def test_a_proxy_is_asked_for_a_tunnel_to_a_tls_host(serve: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(answer(407, b""))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url("").replace("://", "://me:pw@"))

    with pytest.raises(NoAnswer, match="407") as raised:
        Post("https://status.example/x", timeout=5).send(b"{}", {**HEADERS, "Authorization": "Basic secret"})
    assert not raised.value.connected
    with pytest.raises(NoAnswer, match="407"):
        get("https://status.example/x")
    assert [head[0] for head in proxy.heads] == ["CONNECT status.example:443 HTTP/1.0"] * 2
    assert [line for line in proxy.heads[0] if "secret" in line] == []


def test_a_proxy_of_a_kind_that_is_not_supported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:9")

    with pytest.raises(NoAnswer, match="socks5"):
        get("http://status.example/x")
    with pytest.raises(NoAnswer, match="socks5") as raised:
        Post("http://status.example/x", timeout=5).send(b"{}", HEADERS)
    assert not raised.value.connected
