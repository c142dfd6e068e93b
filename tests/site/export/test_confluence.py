"""Confluence's storage format: strict XML, the constructs that Confluence knows, and nothing of a text is lost."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from fixtures.exports import TABLE, exportable
from fixtures.filled import filled
from sevlog.model.learning.postmortem.markers import Part
from sevlog.services.learning.postmortems.export import Task
from sevlog.site.export.confluence import attachment_names, confluence_document

AC, RI = "http://atlassian.com/content", "http://atlassian.com/resource/identifier"
NAMES = {"ac": AC, "ri": RI}
KNOWN = {
    *(f"h{n}" for n in range(1, 7)),
    *("p", "ul", "ol", "li", "table", "tbody", "tr", "th", "td", "strong", "em", "s", "code", "br", "hr", "a"),
    "blockquote",
    *(f"{{{AC}}}{n}" for n in ("structured-macro", "parameter", "rich-text-body", "plain-text-body", "link", "image")),
    *(f"{{{AC}}}{n}" for n in ("task-list", "task", "task-id", "task-status", "task-body", "plain-text-link-body")),
    *(f"{{{RI}}}{n}" for n in ("attachment", "url")),
}
HOSTILE = "a ]]> b <script>x</script> &amp; &nbsp; \x0b \x01 \ufffe \"q\" 'r' ünï 日本 🚲"
EVERYTHING = f"""# Checkout: the story

## Summary

{HOSTILE} and `literal <b> ]]>`

See [below](#why-it-broke), [out](https://example.org/?a=1&b=2), [in](runbooks/x.md), [bad](javascript:alert(1)).

### Why it *broke*

1. one
   - nested **strong** ~~gone~~

     second paragraph
     3. third
2. two

- [x] done
- [ ] open <b>

```yaml
key: ]]> & <x>
```

```brainfuck
+++
```

    indented

| A | B |
|---|--:|
| x | 1 |

![Disk "1"](evidence/a/graph.png) ![far](https://example.org/x.png) ![gone](evidence/no.png)

> said

---

Line one
line two
"""


def parsed(text: str) -> ElementTree.Element:
    """The page as a strict parser sees it: Confluence's name spaces, and no entity but those of XML."""
    return ElementTree.fromstring(f'<page xmlns:ac="{AC}" xmlns:ri="{RI}">{text}</page>')


def page(*parts: str | Part, **more: object) -> ElementTree.Element:
    return parsed(confluence_document(exportable(*parts, **more)))  # type: ignore[arg-type]


def macros(found: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [m for m in found.iter(f"{{{AC}}}structured-macro") if m.get(f"{{{AC}}}name") == name]


def shape(found: ElementTree.Element) -> str:
    """An element without attributes and texts."""
    name = found.tag.rpartition("}")[2]
    return f"{name}({' '.join(map(shape, found))})" if len(found) else name


@pytest.mark.demand("S83")
def test_a_page_with_everything_has_only_elements_that_confluence_knows() -> None:
    found = page(EVERYTHING, Part("timeline", "| Time | What |\n|---|---|\n| 10:00 | Raised |"))

    assert {element.tag for element in found.iter()} - {"page"} <= KNOWN
    text = "".join(found.itertext())
    for words in filled(
        ["a ]]> b <script>x</script> & \xa0", "\"q\" 'r' ünï 日本 🚲", "literal <b> ]]>", "key: ]]> & <x>"]
    ):
        assert words in text
    assert "\x0b" not in text and "\x01" not in text and "\ufffe" not in text


def test_the_title_is_not_repeated_and_the_highest_heading_is_the_first_level() -> None:
    found = page(EVERYTHING)

    assert "the story" not in "".join(found.itertext())
    assert [e.tag for e in found.iter() if e.tag[0] == "h" and e.tag != "hr"] == ["h1", "h2"]


def test_lists_are_nested_and_a_list_of_boxes_is_a_list_of_tasks() -> None:
    found = page("- [x] done\n- [ ] open\n\n1. one\n   - deep\n2. two\n\n- [x] mixed\n- plain")

    states = [e.text for e in found.iter(f"{{{AC}}}task-status")]
    assert states == ["complete", "incomplete"]
    assert [e.text for e in found.iter(f"{{{AC}}}task-body")] == ["done", "open"]
    assert shape(found.findall("ol")[0]) == "ol(li(ul(li)) li)"
    assert "[x] mixed" in "".join(found.itertext())


def test_code_keeps_each_character_and_only_a_language_that_the_macro_knows() -> None:
    yaml, other = macros(page("```yml\na ]]> b\n\n]]>]]>\n```\n\n```brainfuck\n+\n```"), "code")

    assert yaml.findtext("ac:plain-text-body", namespaces=NAMES) == "a ]]> b\n\n]]>]]>"
    assert yaml.findtext("ac:parameter", namespaces=NAMES) == "yaml"
    assert other.find("ac:parameter", NAMES) is None


def test_links_go_out_or_to_a_heading_and_an_unsafe_address_is_text() -> None:
    found = page("# T\n\n## Why it broke\n\n" + EVERYTHING.split("\n\n")[3])

    assert [a.get("href") for a in found.iter("a")] == ["https://example.org/?a=1&b=2"]
    (inner,) = found.iter(f"{{{AC}}}link")
    (mark,) = macros(found, "anchor")
    assert inner.get(f"{{{AC}}}anchor") == mark.findtext("ac:parameter", namespaces=NAMES) == "why-it-broke"
    assert "in (runbooks/x.md), bad (javascript:alert(1))" in "".join(found.itertext())


def test_an_image_of_the_evidence_is_an_attachment_with_a_name_without_folders() -> None:
    source = exportable('![Disk "1"](evidence/a/graph.png) ![far](https://e.org/x.png) ![gone](evidence/no.png)')
    near, far = parsed(confluence_document(source)).iter(f"{{{AC}}}image")

    assert attachment_names(source) == {"evidence/a/graph.png": "a-graph.png"}
    assert near.get(f"{{{AC}}}alt") == 'Disk "1"'
    assert near[0].attrib == {f"{{{RI}}}filename": "a-graph.png"}
    assert far[0].attrib == {f"{{{RI}}}value": "https://e.org/x.png"}
    assert "gone (evidence/no.png)" in confluence_document(source)


def test_action_items_are_tasks_the_timeline_can_be_folded_and_the_severity_has_a_color() -> None:
    tasks = (Task(True, "A1 Fix <it>"), Task(False, "A2 Test it"))
    found = page(Part("actions", TABLE), Part("timeline", "| T |\n|---|\n| x |"), "- [ ] more", rank=1, tasks=tasks)

    numbers = [e.text for e in found.iter(f"{{{AC}}}task-id")]
    assert numbers == ["1", "2", "3"]
    assert [e.text for e in found.iter(f"{{{AC}}}task-body")][:2] == ["A1 Fix <it>", "A2 Test it"]
    assert "Sleep more" in "".join(found.itertext()) and "Fix it" not in "".join(found.itertext())
    (folded,) = macros(found, "expand")
    assert folded.find(".//table") is not None
    (level,) = macros(found, "status")
    assert [p.text for p in level] == ["Yellow", "SEV1"]
    assert macros(found, "warning") == []


def test_a_restricted_incident_begins_with_a_warning() -> None:
    found = page("Words", restricted=True)

    assert found[0].get(f"{{{AC}}}name") == "warning"
