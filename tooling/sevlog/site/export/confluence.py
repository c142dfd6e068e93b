"""A postmortem in Confluence's storage format: XHTML with macros, tasks and attachments.

Numeric references only: Confluence knows the entities of HTML, an XML parser does not. Whatever is not known to be safe
in XML is left out or escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...services.learning.postmortems.export import RESTRICTED, Exportable, Task, picture_name
from ..markup.html import EMPTY, Html, escape, is_outside, join
from ..markup.tree import Node, walk
from .document import Block, Document, anchor, document, task_of

_SPELLED_OUT = {"sh": "bash", "shell": "bash", "console": "bash", "c": "cpp", "c++": "cpp", "csharp": "c#"}
_SPELLED_OUT |= {"html": "xml", "javascript": "js", "python": "py", "rb": "ruby", "ts": "typescript", "yml": "yaml"}
_SPELLED_OUT |= {"patch": "diff", "kt": "kotlin"}
_KNOWN = "bash c# cpp css diff go groovy java js json kotlin perl php powershell py ruby rust scala sql swift xml yaml"
_LANGUAGES = {name: name for name in (*_KNOWN.split(), "typescript")} | _SPELLED_OUT
"""Language of a block of code -> what the code macro calls it. Others are shown without colors."""
_COLORS = ("Red", "Yellow", "Blue")
_SAME = {"paragraph": "p", "em": "em", "strong": "strong", "s": "s", "blockquote": "blockquote", "tr": "tr"}
_TIMELINE = "Timeline"


def confluence_document(source: Exportable) -> str:
    """The body of the page. Its title is not part of it."""
    found = document(source)
    writer = _Writer(found, attachment_names(source))
    warning = _macro("warning", rich=element("p", {}, RESTRICTED)) if source.restricted else EMPTY
    rows = [
        element(
            "tr",
            {},
            element("th", {}, element("p", {}, name)),
            element("td", {}, element("p", {}, _fact(name, text, source))),
        )
        for name, text in source.facts
    ]
    facts = element("table", {}, element("tbody", {}, *rows))
    blocks = [
        writer.actions(block, source.tasks) if block.name == "actions" else writer.block(block)
        for block in found.blocks
    ]
    return "\n".join(str(part) for part in (warning, facts, *blocks) if part) + "\n"


def attachment_names(source: Exportable) -> dict[str, str]:
    """Picture -> the name of its attachment on the page; without folders, because attachments have none."""
    return {name: name.removeprefix("evidence/").replace("/", "-") for name in source.pictures}


def _fact(name: str, text: str, source: Exportable) -> Html:
    if name != "Severity":
        return escape(text)
    color = {"colour": _COLORS[source.rank]} if source.rank < len(_COLORS) else {}
    return _macro("status", {**color, "title": text})


def _task_list(tasks: Sequence[tuple[bool, Html]], first: int) -> Html:
    items = [
        element(
            "ac:task",
            {},
            element("ac:task-id", {}, str(number)),
            element("ac:task-status", {}, "complete" if done else "incomplete"),
            element("ac:task-body", {}, text),
        )
        for number, (done, text) in enumerate(tasks, first)
    ]
    return element("ac:task-list", {}, *items)


def element(name: str, attributes: Mapping[str, str], *children: Html | str) -> Html:
    """An XML element; an empty one closes itself."""
    head = name + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    inner = join(*children)
    return Html(f"<{head}>{inner}</{name}>" if inner else f"<{head}/>")


def _macro(
    name: str, parameters: Mapping[str, str] | None = None, *, rich: Html = EMPTY, plain: str | None = None
) -> Html:
    given = [element("ac:parameter", {"ac:name": key}, value) for key, value in (parameters or {}).items()]
    if plain is not None:
        given.append(element("ac:plain-text-body", {}, _cdata(plain)))
    if rich:
        given.append(element("ac:rich-text-body", {}, rich))
    return element("ac:structured-macro", {"ac:name": name, "ac:schema-version": "1"}, *given)


def _cdata(text: str) -> Html:
    """Text in CDATA; the end mark of CDATA in it is split over two sections."""
    return Html(f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>")


class _Writer:
    """Nodes as storage format. attachments: picture -> its name on the page."""

    def __init__(self, found: Document, attachments: Mapping[str, str]) -> None:
        self._shift, self._attachments = found.shift, attachments
        nodes = [node for block in found.blocks for node in walk(block.nodes)]
        self._linked = {node.address[1:] for node in nodes if node.kind == "link" and node.address.startswith("#")}
        self._task = 1

    def block(self, block: Block) -> Html:
        """A block; a timeline can be folded, because it is long."""
        inner = self._all(block.nodes)
        return _macro("expand", {"title": _TIMELINE}, rich=inner) if block.name == "timeline" else inner

    def actions(self, block: Block, tasks: Sequence[Task]) -> Html:
        """The action items as tasks in place of their table, and what follows it."""
        if not tasks or not block.nodes or block.nodes[0].kind != "table":
            return self.block(block)
        items = _task_list([(task.done, escape(task.text)) for task in tasks], self._numbers(len(tasks)))
        return join(items, self._all(block.nodes[1:]))

    def _numbers(self, count: int) -> int:
        """The first of so many numbers for tasks: they are unique on the page."""
        self._task += count
        return self._task - count

    def _all(self, nodes: Sequence[Node]) -> Html:
        return join(*[self._one(node) for node in nodes])

    def _one(self, node: Node) -> Html:
        kind = node.kind
        if kind in ("bullet_list", "ordered_list"):
            return self._list(node)
        inner = self._all(node.children)
        if kind == "text":
            return escape(node.text)
        if kind == "paragraph" and node.tight:
            return inner
        if kind in _SAME:
            return element(_SAME[kind], {}, inner) if inner else EMPTY
        if kind == "heading":
            return self._heading(node, inner)
        if kind in ("thead", "tbody"):
            return inner if kind == "tbody" or node.words else EMPTY
        if kind == "table":
            return element("table", {}, element("tbody", {}, inner))
        if kind in ("th", "td"):
            side = {"style": f"text-align: {node.info};"} if node.info in ("right", "center") else {}
            return element(kind, {}, element("p", side, inner))
        if kind == "code":
            language = _LANGUAGES.get(node.info.lower())
            return _macro("code", {"language": language} if language else {}, plain=node.text.removesuffix("\n"))
        if kind == "literal":
            return element("code", {}, node.text)
        if kind in ("break", "hr"):
            return element("br" if kind == "break" else "hr", {})
        if kind == "link":
            return self._link(node, inner)
        return self._picture(node) if kind == "image" else EMPTY

    def _heading(self, node: Node, inner: Html) -> Html:
        name = anchor(node.words)
        mark = _macro("anchor", {"": name}) if name in self._linked else EMPTY
        return element(f"h{min(node.level - self._shift, 6)}", {}, mark, inner)

    def _link(self, node: Node, inner: Html) -> Html:
        if node.address.startswith("#"):
            body = element("ac:plain-text-link-body", {}, _cdata(node.words))
            return element("ac:link", {"ac:anchor": node.address[1:]}, body)
        if is_outside(node.address):
            return element("a", {"href": node.address}, inner)
        return inner if node.address in node.words else join(inner, f" ({node.address})")

    def _picture(self, node: Node) -> Html:
        alternative = {"ac:alt": node.text} if node.text else {}
        name = self._attachments.get(picture_name(node.address) or "")
        if name is not None:
            return element("ac:image", alternative, element("ri:attachment", {"ri:filename": name}))
        if is_outside(node.address):
            return element("ac:image", alternative, element("ri:url", {"ri:value": node.address}))
        return element("em", {}, f"{node.text or node.address} ({node.address})")

    def _list(self, node: Node) -> Html:
        tasks = [task_of(item) for item in node.children]
        found = [task for task in tasks if task is not None]
        if found and len(found) == len(tasks):
            first = self._numbers(len(found))
            return _task_list([(done, self._all(item.children)) for done, item in found], first)
        items = [element("li", {}, self._all(item.children)) for item in node.children]
        start = {"start": node.info} if node.kind == "ordered_list" and node.info not in ("", "1") else {}
        return element("ol" if node.kind == "ordered_list" else "ul", start, *items)
