// Shows the state of a status page on another page; docs/status-widget.md describes it.
// No cookies, no storage, no other host. All text is set as text, never as HTML.
(() => {
  const FACTS = "@@facts@@";
  // @@polling@@

  const script = document.currentScript;
  if (!script || !/^https?:/.test(script.src)) return;
  const base = new URL(".", script.src);
  const warn = (text) => console.warn(`sevlog widget: ${text}`);

  // ---- Options, from the data attributes of the script tag.
  function option(name, allowed) {
    const given = script.dataset[name];
    if (given === undefined || allowed.includes(given)) return given ?? allowed[0];
    warn(`data-${name}="${given}" is unknown; use ${allowed.join(", ")}`);
    return allowed[0];
  }
  const style = option("style", ["banner", "pill"]);
  const rightToLeft = getComputedStyle(document.documentElement).direction === "rtl";
  const bottom = rightToLeft ? ["bottom-left", "bottom-right"] : ["bottom-right", "bottom-left"];
  const corners = [...bottom, "top-right", "top-left"];
  const position = option("position", style === "banner" ? ["top", "bottom", "inline"] : [...corners, "inline"]);
  const theme = option("theme", ["auto", "light", "dark"]);
  const quiet = (script.dataset.hideWhenOperational ?? "false") !== "false";
  const keys = (script.dataset.components || "").split(",").map((key) => key.trim()).filter(Boolean);
  const asked = [script.dataset.lang, document.documentElement.lang, ...navigator.languages];
  const language = asked.map((tag) => (tag || "").toLowerCase().split("-")[0]).find((tag) => Object.hasOwn(FACTS.words, tag)) || "en";
  const words = FACTS.words[language];

  // ---- What the page says, by the reader's clock.
  let summary;
  let build;
  let warned = false;

  function chosen() {
    const found = keys.filter((key) => Object.hasOwn(build.components, key));
    if (found.length < keys.length && !warned) {
      warned = true;
      const missing = keys.filter((key) => !found.includes(key));
      warn(`the status page has no component ${missing.join(", ")}; it has ${Object.keys(build.components).join(", ")}`);
    }
    return found.map((key) => build.components[key]);
  }

  // Scheduled maintenance that begins and ends by its window does so between two builds as well.
  function phase(record, now) {
    if (!build.by_window.includes(record.id)) return record.status === "scheduled" ? "ahead" : "running";
    if (now < Date.parse(record.scheduled_for)) return "ahead";
    return now < Date.parse(record.scheduled_until) ? "running" : "over";
  }

  function facts(now) {
    const ids = chosen();
    if (keys.length && !ids.length) return null;
    const ours = (part) => !keys.length || ids.includes(part.id);
    const hits = (record) => !keys.length || record.components.some(ours);
    const open = summary.incidents.filter(hits);
    const planned = summary.scheduled_maintenances.filter(hits);
    const running = planned.filter((record) => phase(record, now) === "running");
    const over = planned.filter((record) => phase(record, now) === "over");
    const within = (records, part) => records.some((record) => record.components.some(({ id }) => id === part.id));
    const parts = summary.components.filter((part) => !part.group && ours(part));
    const states = parts.map((part) => {
      if (part.status === "operational" && within(running, part)) return "under_maintenance";
      const done = part.status === "under_maintenance" && within(over, part) && !within(running, part);
      return done ? "operational" : part.status;
    });
    states.push(...open.map((record) => FACTS.impacts[record.impact]));
    const worst = FACTS.states.findLast((state) => states.includes(state)) || "operational";
    const state = open.length && ["operational", "under_maintenance"].includes(worst) ? "degraded_performance" : worst;
    return { open, running, state, parts };
  }

  function said(now) {
    const found = facts(now);
    if (!found) return null;
    const { open, running, state, parts } = found;
    const old = now >= Date.parse(build.old_at);
    if (quiet && !open.length && state === "operational") return null;
    const notes = [];
    let title = words.headline[state];
    let named = false;
    if (open.length) {
      [title, named] = [open[0].name, true];
      if (open.length > 1) notes.push(words.open.replace("{n}", open.length));
    } else if (old && state === "operational") {
      title = words.unknown;
    } else if (state === "under_maintenance" && running.length === 1) {
      [title, named] = [running[0].name, true];
      notes.push(words.maintenance);
    } else if (keys.length && parts.length <= 3) {
      title = `${parts.map((part) => part.name).join(", ")}: ${words.state[state]}`;
    }
    if (old) notes.push(words.old);
    return { state: old && state === "operational" ? "degraded_performance" : state, title, named, notes };
  }

  // ---- The element: in a shadow tree with a style sheet that no policy for styles has to allow.
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const drawn = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const glyph = (state) => {
    const [outline, inside] = FACTS.glyphs[state];
    const paths = [drawn("path", { class: "out", d: outline }), drawn("path", { class: "in", d: inside })];
    return drawn("svg", { class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true" }, ...paths);
  };

  const host = make("sevlog-status", { lang: language, "data-style": style, "data-position": position, "data-theme": theme });
  const message = make("div", { class: "message" });
  const mark = make("span", { class: "mark" });
  const close = make("button", { type: "button", class: "close", "aria-label": words.dismiss }, "\u00d7");
  const box = make("div", { class: "box off" }, mark, message);
  if (position !== "inline") box.append(close);
  let shown = "";
  let current = "";
  let dismissed = "";

  function show(news) {
    current = news ? [news.state, news.title].join("\n") : "";
    const next = current && current !== dismissed ? [current, ...news.notes].join("\n") : "";
    // The first "operational" is nothing to announce, so the role comes after the text.
    const calm = !shown && news?.state === "operational";
    if (!calm) message.setAttribute("role", "status");
    if (next === shown) return;
    shown = next;
    box.className = next ? `box is-${news.state}` : "box off";
    if (!next) {
      message.replaceChildren();
      mark.replaceChildren();
      box.removeAttribute("role");
      return;
    }
    const name = summary.page.name;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", words.label.replace("{name}", () => name));
    mark.replaceChildren(glyph(news.state));
    const title = make("bdi", news.named ? { lang: "" } : {}, news.title);
    const link = make("a", { href: base.href, target: "_blank", rel: "noopener" }, title);
    const small = [...(style === "banner" ? [name] : []), ...news.notes];
    const notes = small.map((text) => make("span", { class: "note" }, make("bdi", {}, text)));
    const parts = [link, ...notes].flatMap((part) => [" ", part]).slice(1);
    const active = host.shadowRoot.activeElement?.tagName === "A";
    message.replaceChildren(...parts);
    if (active) link.focus();
    message.setAttribute("role", "status");
  }

  function render() {
    let news = null;
    try {
      news = summary && said(Date.now());
    } catch {
      // An answer of another shape: show nothing.
    }
    show(news);
  }

  close.addEventListener("click", () => {
    dismissed = current;
    render();
  });

  async function ask() {
    try {
      const json = async (path) => (await load(new URL(path, base))).json();
      [summary, build] = await Promise.all([json("api/v2/summary.json"), json("build.json")]);
    } finally {
      render();
    }
  }

  function start() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(FACTS.css);
    host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    host.shadowRoot.append(box);
    if (position === "inline" && document.body.contains(script)) script.after(host);
    else if (position === "top") document.body.prepend(host);
    else document.body.append(host);
    poll(ask, true);
    setInterval(render, 15000);
  }
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
