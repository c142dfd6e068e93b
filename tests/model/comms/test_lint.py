"""The lint of texts for customers: what it finds, where, what it lets through, and what can be changed about it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sevlog.model.comms.lint import RULES, Finding, Hearing, lint
from sevlog.model.config.comms import Lint
from sevlog.model.vocabulary import Phase

REAL = Path(os.environ.get("SEVLOG_REAL_DATA") or Path(__file__).parents[4] / "shared/data")


def found(text: str, settings: Lint | None = None, phase: Phase = "investigating", **known: Any) -> tuple[Finding, ...]:
    told = {
        "people": ("Ana", "Bo", "ana", "Chi Lin", "Mark", "May"),
        "hidden": ("Ledger",),
        "ids": ("SEV1", "P1"),
        "title": "Every second order fails",
        **known,
    }
    return lint(Hearing(text=text, phase=phase, **told), settings or Lint())


@pytest.mark.parametrize(
    ("rule", "text", "excerpt"),
    [
        ("hole", "Card payments fail for {{who}}.", "{{who}}"),
        ("hole", "Card payments fail for {{who", "{{who"),
        ("hole", "Impact: TBD", "TBD"),
        ("hole", "We see [insert impact here].", "[insert impact here]"),
        ("hole", "Payments fail since ____.", "____"),
        ("secret", "Use ghp_abcdefghijklmnopqrstuvwxyz0123456789 for now.", "ghp_…"),
        ("host_name", "The server db-3 has no room.", "db-3"),
        ("host_name", "Requests to prod-db-02 fail.", "prod-db-02"),
        ("host_name", "checkout-7d9f8b6c5d-x2x4z restarts.", "checkout-7d9f8b6c5d-x2x4z"),
        ("host_name", "pay.svc.cluster.local does not answer.", "pay.svc.cluster.local"),
        ("host_name", "It runs on localhost:8080 only.", "localhost:8080"),
        ("ip_address", "10.2.3.4 does not answer.", "10.2.3.4"),
        ("ip_address", "fe80::1:2 does not answer.", "fe80::1:2"),
        ("internal_id", "This is 2026-11-23-checkout-errors.", "2026-11-23-checkout-errors"),
        ("internal_id", "See PAY-1234.", "PAY-1234"),
        ("internal_id", "We treat it as SEV1.", "SEV1"),
        ("internal_id", "Deploy 4f2c1ea broke it.", "4f2c1ea"),
        ("internal_id", "Every second  order fails, we know.", "Every second order fails"),
        ("internal_name", "The Ledger is slow.", "Ledger"),
        ("person", "Ana is on it.", "Ana"),
        ("person", "We asked Bo to look.", "Bo"),
        ("person", "As Mark found, cards fail.", "Mark"),
        ("person", "It was Chi Lin.", "Chi Lin"),
        ("personal_data", "Write to ana.bell@cart.example.", "ana.bell@cart.example"),
        ("personal_data", "Call +49 30 1234567.", "+49 30 1234567"),
        ("promise", "It will be fixed by 5 pm.", "will be fixed"),
        ("promise", "Orders work again by 17:30.", "by 17:30"),
        ("promise", "Back in 10 minutes.", "in 10 minutes"),
        ("promise", "Back within the hour.", "within the hour"),
        ("promise", "Orders work again shortly.", "shortly"),
        ("promise", "We expect this to be resolved.", "We expect this to be resolved"),
        ("promise", "More tomorrow.", "tomorrow"),
        ("guess", "Probably a network fault.", "Probably"),
        ("guess", "We think it is the cache.", "We think"),
        ("blame", "It was human error.", "human error"),
        ("blame", "One of our engineers deleted it.", "One of our engineers"),
        ("blame", "This is due to our payment provider.", "due to our payment provider"),
        ("outage", "There is an outage of search.", "outage"),
        ("outage", "Search is completely down.", "completely down"),
        ("apology", "Orders fail. We are sorry for any inconvenience.", "any inconvenience"),
        ("apology", "We apologise. Thank you for your patience!", "We apologise. Thank you for your patience!"),
        ("capitals", "DO NOT TRY AGAIN now.", "DO NOT TRY AGAIN"),
        ("capitals", "Orders fail!!", "!!"),
        ("length", "Orders fail. " * 100, None),
    ],
)
def test_what_customers_should_not_read_is_found_where_it_stands(rule: str, text: str, excerpt: str | None) -> None:
    findings = [f for f in found(text) if f.rule == rule]

    assert findings, found(text)
    assert excerpt is None or findings[0].excerpt.startswith(excerpt)
    assert findings[0].message
    assert findings[0].instead


@pytest.mark.parametrize(
    "text",
    [
        "Some card payments are refused since 14:02 UTC. We are looking into it.",
        "Since 2026-11-23, about 5 % of orders fail; PayPal works.",
        "Version 1.2.3.4 of the app cannot sign in. Version 1.2.3 can.",
        "API v2 and api-v2 answer with HTTP 502, TLS-1 and UTF-8 are not to blame-shift.",
        "The last update was at 15:07:30. Sessions end after 10 minutes.",
        "Will be told here as soon as we know more. May brings more.",
        "You could not pay for two hours. We are sorry.",
        "See https://status.cart.example/incidents/abc-1234/ and https://web-01.cart.example/SEV1.",
        "Write to support@cart.example, or help-desk@cart.example.",
        "Some regions have a partial outage.",
        "Our EU and USA shops work. NASA, too.",
        "Add 20.99.172.64/28 to your lists.",
        "Look [here](https://p.example): [1] and [x].",
    ],
)
def test_plain_words_to_customers_are_let_through(text: str) -> None:
    assert [f for f in found(text) if f.rule != "blame"] == []


def test_outage_is_the_word_where_a_component_is_in_a_major_one() -> None:
    assert [f.rule for f in found("There is an outage.", down=True)] == []


def test_a_maintenance_may_say_until_when() -> None:
    assert [f.rule for f in found("It will be back by 5 pm.", phase="in_progress")] == []


def test_once_it_is_over_a_time_is_no_promise() -> None:
    assert [f.rule for f in found("By 17:30 orders worked again, within 2 hours.", phase="resolved")] == []
    assert [f.rule for f in found("A report follows shortly.", phase="resolved")] == ["promise"]


def test_a_guess_is_none_once_the_cause_is_known() -> None:
    assert [f.rule for f in found("It seems to be over.", phase="monitoring")] == []


def test_each_finding_has_its_place() -> None:
    findings = found("Orders fail.\n\n- Ana says: back\n  in 10 minutes, from db-3")

    assert [(f.rule, f.line, f.column, f.excerpt) for f in findings] == [
        ("person", 3, 3, "Ana"),
        ("promise", 4, 3, "in 10 minutes"),
        ("host_name", 4, 23, "db-3"),
    ]


def test_a_hole_and_a_secret_are_errors_and_the_rest_are_warnings_until_configured() -> None:
    assert {name for name, rule in RULES.items() if rule.gravity == "error"} == {"hole", "secret"}
    changed = Lint(rules={"promise": "error", "person": "off", "hole": "warning"})

    assert [(f.rule, f.gravity) for f in found("Ana: back soon, {{x}}", changed)] == [
        ("promise", "error"),
        ("hole", "warning"),
    ]


def test_words_of_ones_own_and_of_other_languages_come_from_the_configuration() -> None:
    own = Lint(words={"vendor": ("Megabank",), "promise": ("in Kürze", "demnächst*"), "allowed": ("soon fare",)})

    findings = found("megabank ist in  Kürze zurück, demnächstens. The Soon Fare works.", own)

    assert [(f.rule, f.excerpt) for f in findings] == [
        ("vendor", "megabank"),
        ("promise", "in Kürze"),
        ("promise", "demnächstens"),
    ]
    assert [f.rule for f in found("Die Firma Ledgers", own)] == []


def test_the_longest_text_can_be_chosen() -> None:
    assert [f.rule for f in found("Orders fail. " * 10, Lint(longest=100))] == ["length"]


@pytest.mark.parametrize(
    "text", ["a-" * 20_000, "1.1." * 10_000, "_" * 40_000, "[a " * 20_000, "a1" * 30_000, "SEE ME " * 9_000]
)
def test_a_hostile_text_is_looked_through_at_once(text: str) -> None:
    assert found(text)


@pytest.mark.skipif(not REAL.is_dir(), reason="the archives of real updates are not here")
def test_of_real_updates_few_are_found_fault_with() -> None:
    """2,863 updates that a company sent: the lint would have spoken up about one in nine, nearly always rightly."""
    lines = (REAL / "claude-statuspage/incidents.jsonl").read_text("utf-8").splitlines()
    updates = [update for line in lines for update in json.loads(line)["incident_updates"]]
    flagged = sum(bool(found(u["body"], phase=u["status"], people=(), hidden=())) for u in updates)

    assert 0 < flagged < len(updates) / 8
