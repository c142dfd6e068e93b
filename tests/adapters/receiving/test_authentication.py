"""Who may deliver: signatures as the vendors document them, and shared secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from sevlog.adapters.receiving.authentication import Request, is_allowed
from sevlog.adapters.receiving.rates import Rates

SECRETS = ("old-secret-of-sender", "new-secret-of-sender")
BODY = b'{"a": 1}'
NOW = 1_795_000_000.0


def signed(data: bytes = BODY, secret: str = SECRETS[1]) -> str:
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def allowed(source: str, token: str | None = None, **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return is_allowed(source, Request(headers=named, token=token, body=BODY, now=NOW), SECRETS)


def test_the_signature_of_each_source_is_checked_over_the_raw_body() -> None:
    wrong = signed(b'{"a":1}')
    at = str(int(NOW))

    assert allowed("github-issue", x_hub_signature_256=f"sha256={signed()}")
    assert not allowed("github-issue", x_hub_signature_256=f"sha256={wrong}")
    assert not allowed("github-issue", x_hub_signature_256=signed())
    assert allowed("pagerduty", x_pagerduty_signature=f"v1={wrong}, v1={signed()}")
    assert not allowed("pagerduty", x_pagerduty_signature=f"v1={wrong},v0={signed()}")
    assert allowed("sentry", sentry_hook_signature=signed())
    assert not allowed("sentry", sentry_hook_signature=wrong)
    assert allowed("grafana", x_grafana_alerting_signature=signed())
    both = signed(f"{at}:".encode() + BODY)
    assert allowed("grafana", x_grafana_alerting_signature=both, x_grafana_alerting_timestamp=at)
    assert not allowed("grafana", x_grafana_alerting_signature=signed(), x_grafana_alerting_timestamp=at)


def test_a_signed_time_of_long_ago_is_refused() -> None:
    at = str(int(NOW) - 301)
    both = signed(f"{at}:".encode() + BODY)

    assert not allowed("grafana", x_grafana_alerting_signature=both, x_grafana_alerting_timestamp=at)
    assert not allowed("grafana", x_grafana_alerting_signature=both, x_grafana_alerting_timestamp="soon")


def test_a_wrong_signature_is_refused_even_with_the_secret() -> None:
    assert not allowed("sentry", token=SECRETS[0], sentry_hook_signature="é")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_shared_secret_comes_as_bearer_token_password_or_in_the_address(secret: str) -> None:
    login = base64.b64encode(f"sevlog:{secret}".encode()).decode()

    assert allowed("opsgenie", authorization=f"Bearer {secret}")
    assert allowed("alertmanager", authorization=f"Basic {login}")
    assert allowed("datadog", token=secret)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic ###", "Basic /w==", f"Token {SECRETS[0]}"])
def test_without_the_secret_nobody_comes_in(header: str) -> None:
    assert not allowed("opsgenie", authorization=header)
    assert not allowed("opsgenie", token="")


def test_a_source_that_sends_too_much_learns_when_it_may_go_on() -> None:
    now = [0.0]
    rates = Rates(2, lambda: now[0])

    assert [rates.wait("a"), rates.wait("a"), rates.wait("a"), rates.wait("b")] == [0, 0, 30, 0]
    now[0] = 30
    assert [rates.wait("a"), rates.wait("a")] == [0, 30]
