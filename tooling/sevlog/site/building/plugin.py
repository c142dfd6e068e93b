"""The MkDocs plugin: adds the pages made from records to a MkDocs site, for `mkdocs build` and `mkdocs serve`.

Pages in the navigation are MkDocs pages whose body is filled in. The others, often thousands, are not MkDocs pages:
the theme is rendered once for each kind, and they are written at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from mkdocs.commands.build import get_context
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from ...errors import SevlogError
from ...model.public.site import PublicSite
from ...services.publishing.internal_view import InternalView, internal_view
from ...services.publishing.public_view import publishable
from ...services.workspace.workspace import Clock, Workspace, system_clock
from ...stores import resources
from ..markup.html import without_control
from ..markup.words import english
from ..pages.page import PageKind
from ..pages.shell import Shell
from ..pages.view import SiteView
from .copies import Copies
from .frame import Frame, translate_palette, translated_title
from .hand_written import add_further, add_shipped, pages_by_language
from .logo import published_logo
from .run import SiteBuild

if TYPE_CHECKING:
    from ...adapters.pictures import Picture

log = get_plugin_logger("sevlog")
Source = Callable[[], PublicSite]

# PageKind -> source path of its shell, at the depth that the relative links of the theme need; and its section.
_SHELLS: dict[PageKind, tuple[str, str]] = {
    "month": ("history/month/index.md", "history/index.md"),
    "incident": ("incidents/incident/index.md", "history/index.md"),
    "component": ("components/component/index.md", "index.md"),
    "postmortem": ("postmortems/postmortem/index.md", "postmortems/index.md"),
    "internal": ("internal/page/index.md", "index.md"),
}
# The same for the sections in further languages.
_SECTION_SHELLS: dict[PageKind, tuple[str, str]] = {
    "home": ("index.md", "index.md"),
    "history": ("history/index.md", "history/index.md"),
    "maintenance": ("maintenance/index.md", "maintenance/index.md"),
    "postmortems": ("postmortems/index.md", "postmortems/index.md"),
    "subscribe": ("subscribe/index.md", "subscribe/index.md"),
}


class SevlogPluginConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in mkdocs.yml."""

    repo = config_options.Optional(config_options.Dir(exists=True))
    as_of = config_options.Optional(config_options.Type(str))
    audience = config_options.Choice(("public", "internal"), default="public")


class SevlogPlugin(BasePlugin[SevlogPluginConfig]):  # type: ignore[no-untyped-call]
    """See the module.

    For code that runs MkDocs: `source` gives the public view instead of the repository, `clock` the time,
    `out` another folder for all that is not a MkDocs page, `processes` how many of them share the work, `full` whether
    those that did not change are written too; `written` are then the paths there.
    """

    source: Source | None = None
    out: Path | None = None
    copies: Copies | None = None
    written: frozenset[str] = frozenset()
    clock: Clock = staticmethod(system_clock)
    processes: int | None = None
    full: bool = False
    pictures: Mapping[str, Mapping[str, Picture]] = {}
    records: Path | None = None
    """The records repository, once it was found."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the records, and take name and URL of the page from sevlog.yaml."""
        site = self._site(config)
        # Material does not escape the name; Markup is escaped once, with and without the `e` filter.
        config.site_name = Markup(escape(without_control(site.page.name)))
        config.site_url = config.site_url or site.page.url
        self._add_theme(config)
        self._leave_links_out(config)
        index = "" if config.use_directory_urls else "index.html"
        self.logo = published_logo(self.records, site.page.logo, log.warning)
        config.extra["sevlog_logo"] = self.logo[0] if self.logo else None
        several = config.use_directory_urls and len(site.page.languages) > 1
        by_hand = pages_by_language(Path(config.docs_dir)) if several else None
        self.build = SiteBuild(site, index, self._internal(config), self.pictures, by_hand)
        self.shells: dict[str, dict[PageKind, Shell]] = {}
        self._translate_theme(config)
        return config

    def _translate_theme(self, config: MkDocsConfig) -> None:
        """The words of MkDocs Material, in the language of the page. English leaves `theme.language` as it is."""
        words = self.build.view.words
        if words.language != english().language:
            config.theme["language"] = words.language
            translate_palette(config.theme.get("palette"), english(), words)
        self.spoken, self.theme_language = words, config.theme.get("language")

    def _speak(self, config: MkDocsConfig, view: SiteView) -> None:
        """Set the language of the theme for the next page."""
        if view.words is not self.spoken:
            translate_palette(config.theme.get("palette"), self.spoken, view.words)
            config.theme["language"] = view.words.language if view.folder else self.theme_language
            self.spoken = view.words

    def _site(self, config: MkDocsConfig) -> PublicSite:
        if self.source is not None:
            return self.source()
        try:
            workspace = Workspace.find(_root(config, self.config.repo), clock=self.clock)
            self.records = workspace.root
            workspace.require_whole()
            found = publishable(workspace, _instant(self.config.as_of), self.processes)
        except SevlogError as error:
            raise PluginError(f"sevlog: {'; '.join((error.message, *error.hints))}") from error
        self.pictures = found.pictures
        for problem in found.unreadable:
            log.warning("%s is left out: %s", problem.path, problem.message)
        return found.site

    def _internal(self, config: MkDocsConfig) -> InternalView | None:
        """What colleagues may see, where the site is for them."""
        if self.config.audience != "internal":
            return None
        try:
            workspace = Workspace.find(_root(config, self.config.repo), clock=self.clock)
            return internal_view(workspace, _instant(self.config.as_of))
        except SevlogError as error:
            raise PluginError(f"sevlog: {'; '.join((error.message, *error.hints))}") from error

    def _leave_links_out(self, config: MkDocsConfig) -> None:
        """Copy folders that contain symbolic links, without the links: MkDocs would follow and publish them."""
        root = Path(config.config_file_path).parent if config.config_file_path else Path(config.docs_dir)
        self.copies = Copies(root, config.docs_dir)
        config.docs_dir = str(self.copies.plain(Path(config.docs_dir)))
        if config.theme.custom_dir:
            index = config.theme.dirs.index(config.theme.custom_dir)
            config.theme.dirs[index] = str(self.copies.plain(Path(config.theme.custom_dir)))
        for link in self.copies.left_out:
            log.warning("%s is a symbolic link; it is left out of the site", link)

    @staticmethod
    def _add_theme(config: MkDocsConfig) -> None:
        """Put our templates before Material's and after those of the user; replace sitemap and 404 page."""
        ours = str(resources.shared("site/theme"))
        if ours not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, ours)
        config.theme.static_templates.discard("sitemap.xml")
        config.theme.static_templates.add("404.html")

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the section pages, and the shipped hand-written pages that the repository does not have."""
        if self.logo is not None:
            files.append(File.generated(config, self.logo[0], content=self.logo[1]))
        for page in self.build.sections.values():
            path = f"{page.path}index.md"
            if files.get_file_from_path(path) is not None:
                log.info("%s is written by hand, so the page made from records is left out", path)
                continue
            front = f"---\ntemplate: status.html\nsevlog: {page.kind}\ntitle: {_title(page.kind)}\n"
            content = f"{front}search: {{exclude: true}}\nhide: [navigation, toc]\n---\n"
            files.append(File.generated(config, path, content=content))
        stock = files.get_file_from_path("sitemap.xml")
        if stock is not None:
            files.remove(stock)
        add_shipped(files, config, self.build.view.words.language)
        self._add_further(files, config)
        return files

    def _add_further(self, files: Files, config: MkDocsConfig) -> None:
        """Hand-written pages in further languages; a made page gives way to one."""
        self.further: dict[str, SiteView] = {}
        made = {f"{view.folder}{path}" for view in self.build.views[1:] for path in view.translated}
        self.build.kept = frozenset(p for p in made if files.get_file_from_path(f"{p}index.md") is not None)
        for view in self.build.views[1:]:
            add_further(files, config, view.words.language, view.translated)
            written = (file.src_uri for file in files.documentation_pages())
            self.further |= {path: view for path in written if path.startswith(view.folder)}

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation for the shells, with its titles in the language of the page."""
        for item in nav.items:
            if item.title is not None:
                item.title = translated_title(item.title, item, english(), self.build.view.words)
        self.nav = nav
        return nav

    def on_env(self, env: Any, config: MkDocsConfig, files: Files) -> Any:
        """Render a shell for each kind of page, as MkDocs renders a page."""
        self.others = [f.url for f in files.documentation_pages() if self._section(f.src_uri) is None]
        for view in self.build.views:
            needed = _SHELLS if not view.folder else {**_SECTION_SHELLS, **_SHELLS}
            self.shells[view.words.language] = {
                kind: self._shell(env, config, files, view, kind, f"{view.folder}{path}", section)
                for kind, (path, section) in needed.items()
                if not view.folder or kind in (*_SECTION_SHELLS, "month", "incident", "component")
            }
        return env

    def _shell(
        self, env: Any, config: MkDocsConfig, files: Files, view: SiteView, kind: PageKind, path: str, section: str
    ) -> Shell:
        file = File.generated(config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        page = MkDocsPage(None, file, config)
        page.content = ""
        page.meta = {"template": "status.html", "sevlog": kind, "section": section, "hide": ["navigation", "toc"]}
        if view.folder:
            self.further[path] = view
        context = get_context(self.nav, files, config, page)
        context = config.plugins.on_page_context(context, page=page, config=config, nav=self.nav)
        rendered = env.get_template("status.html").render(context)
        return Shell(config.plugins.on_post_page(rendered, page=page, config=config))

    def on_page_context(self, context: Any, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        """Add the data of the page to the context of its template."""
        return self._with_page(context, config, self.further.get(page.file.src_uri))

    def on_template_context(self, context: Any, template_name: str, config: MkDocsConfig) -> Any:
        """The same for templates that are not pages, such as 404.html."""
        return self._with_page(context, config, times=False)

    def _with_page(
        self, context: Any, config: MkDocsConfig, view: SiteView | None = None, *, times: bool = True
    ) -> Any:
        """view: that of the language of the page (default: the first). times: as Frame."""
        view = view or self.build.view
        self._speak(config, view)
        context["sevlog"] = Frame(view, self.build.views, self.build.index, times=times)
        return context

    def on_post_page(self, output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Fill a section page."""
        path = self._section(page.file.src_uri)
        if path is None or page.meta.get("template") != "status.html":
            return output
        return self.build.fill(Shell(output), self.build.sections[path])

    def _section(self, src_uri: str) -> str | None:
        """The path of the section page made from this source, if it is one."""
        path = src_uri.removesuffix("index.md")
        return path if path in self.build.sections and src_uri.endswith("index.md") else None

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write the pages of records, the JSON documents and the other files."""
        out = self.out or Path(config.site_dir)
        self.build.full = self.full
        self.written = frozenset(self.build.write(self.shells, out, self.others, self.processes))
        log.info("%s files made from records, as of %s", f"{len(self.written):,}", self.build.site.as_of.isoformat())
        self.on_shutdown()

    def on_build_error(self, error: Exception) -> None:
        """Clean up."""
        self.on_shutdown()

    def on_shutdown(self) -> None:
        """Delete the copies."""
        if self.copies is not None:
            self.copies.close()

    def on_serve(self, server: Any, config: MkDocsConfig, builder: Any) -> Any:
        """Build again when a record or the configuration changes."""
        root = self.records or _root(config, self.config.repo)
        if self.copies is not None and self.copies.left_out:
            server.unwatch(config.docs_dir)
            server.watch(self.copies.source)
        for name in ("sevlog.yaml", "incidents"):
            if (root / name).exists():
                server.watch(str(root / name))
        return server


def _root(config: MkDocsConfig, named: str | None) -> Path:
    """The folder of the records: as configured, else the folder of mkdocs.yml or a parent."""
    if named:
        return Path(named)
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise SevlogError(f"as_of: `{text}` is not a time with an offset, such as 2026-11-23T14:07:00Z")
    return at.astimezone(UTC)


def _title(kind: str) -> str:
    return {"home": "Status"}.get(kind, kind.capitalize())
