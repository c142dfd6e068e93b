// Extras on pages made from records: local times, ages, overdue updates, day bars by keyboard, colors.
// Without this script the page shows the same facts, in the time zone of the page.
(() => {
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const build = () => document.getElementById("sl-build");

  // The words are in the page, in its language. {name} in braces is filled in.
  const words = JSON.parse(build()?.dataset.words || "{}");
  const fill = (text, values) => (text || "").replace(/\{([a-z]+)\}/g, (_, name) => values[name]);
  const say = (key, values = {}) => fill(words[key], values);

  // ---- Times: shown in the reader's zone and format; the tooltip keeps the page's zone.
  // Days keep their date in the page's zone; the note in the footer says so.
  const format = (options) => new Intl.DateTimeFormat([...navigator.languages], options);
  const clockParts = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  const dayParts = { day: "numeric", month: "short", year: "numeric" };
  const thisYear = { day: "numeric", month: "short" };
  const clock = format(clockParts);
  const spoken = (at, parts) => {
    const now = at.getFullYear() === new Date().getFullYear();
    const day = format(now ? thisYear : dayParts).format(at).replace(/ /g, "\u00a0");
    return `${day}, ${format(parts).format(at).replace(/ /g, "\u00a0")}`;
  };
  const full = { format: (at) => spoken(at, clockParts) };
  const fullWithoutZone = { format: (at) => spoken(at, { hour: "numeric", minute: "2-digit" }) };
  const dayName = format({ ...dayParts, timeZone: "UTC" });
  const longDay = format({ weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

  function localTimes() {
    for (const element of $$("time[datetime*='T']")) {
      element.title = element.textContent;
      if (!element.closest(".window")) element.textContent = full.format(new Date(element.dateTime));
    }
    for (const element of $$(".window")) {
      const [start, end] = $$("time", element);
      const [from, until] = [new Date(start.dateTime), new Date(end.dateTime)];
      const sameDay = from.toDateString() === until.toDateString();
      start.textContent = (sameDay ? fullWithoutZone : full).format(from);
      end.textContent = (sameDay ? clock : full).format(until);
    }
    for (const element of $$("time[datetime]:not([datetime*='T'])")) {
      const written = element.closest(".day") && !element.closest(".quiet-days") ? longDay : dayName;
      element.title = element.textContent;
      element.textContent = written.format(new Date(`${element.dateTime}T00:00:00Z`));
    }
  }

  function zoneNote() {
    const mark = build();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const note of mark ? $$(".sl-zone") : []) {
      note.title = note.textContent;
      note.textContent = say("zone", { zone, page: mark.dataset.zone });
    }
  }

  // ---- Ages and due times, by the reader's clock.
  function length(milliseconds) {
    const minutes = Math.max(1, Math.round(milliseconds / 60000));
    const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
    const units = days ? [["days", days], ["hours", hours]] : [["hours", hours], ["minutes", minutes % 60]];
    const [large, small] = units.filter(([, n]) => n).map(([unit, n]) => say(unit, { n }));
    return (small ? say("both", { large, small }) : large).replaceAll(" ", "\u00a0");
  }

  function ages() {
    const now = Date.now();
    for (const element of $$("[data-age]")) {
      const time = element.querySelector("time");
      const passed = now - new Date(time.dateTime);
      const age = element.querySelector(".age") || element.appendChild(make("span", { class: "age" }));
      const since = length(passed);
      const said = element.classList.contains("fresh") ? say("ago", { length: since }).replaceAll(" ", "\u00a0") : since;
      age.textContent = passed < 0 ? "" : ` (${said})`;
    }
    for (const element of $$("[data-due]")) {
      const left = new Date(element.querySelector("time").dateTime) - now;
      const note = element.querySelector(".age") || element.appendChild(make("span", { class: "age" }));
      element.classList.toggle("is-late", left < 0);
      note.textContent = ` – ${say(left < 0 ? "overdue" : "ahead", { length: length(Math.abs(left)) })}`;
    }
  }

  // ---- Day bars: one tab stop for each strip. A range input supports arrows, Home, End, touch and screen readers.
  const dayAt = (first, index) => new Date(Date.parse(`${first}T00:00:00Z`) + index * 86400000);

  function describe(strip, index) {
    const date = dayAt(strip.dataset.first, index);
    const key = date.toISOString().slice(0, 10);
    const on = (links, ...facts) => ({ text: say("pair", { name: dayName.format(date), text: facts.join(words.comma) }), links });
    const fullUptime = say("uptime", { percent: words.full });
    if (key < strip.dataset.from) return on([], say("noData"));
    const item = strip.querySelector(`li[data-day="${key}"]`);
    if (!item) return on([], fullUptime, say("noIncidents"));
    const links = $$("a", item);
    const form = new Intl.PluralRules(document.documentElement.lang).select(links.length);
    const count = fill(words.incidents[form] ?? words.incidents.other, { n: links.length });
    const text = [...item.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("");
    const facts = text.replace(/[\s·]+$/, "").replace(/( · )+/g, "").replace(/^[\s:：]+/, "");
    return on(links, ...(item.hasAttribute("data-full") ? [fullUptime] : []), facts, count);
  }

  function bars(strip) {
    const last = Number(strip.dataset.count) - 1;
    const drawing = strip.querySelector(".strip-bars");
    const range = make("input", {
      type: "range", min: 0, max: last, value: last, class: "strip-range",
      "aria-label": say("strip", { name: strip.dataset.name, text: drawing.querySelector("svg").getAttribute("aria-label") }),
    });
    const caret = make("span", { class: "strip-caret", "aria-hidden": "true", hidden: "" });
    const reading = make("p", { class: "strip-reading", hidden: "" });
    drawing.append(caret, range);
    drawing.after(reading);

    function show(index, visible = true) {
      const { text, links } = describe(strip, index);
      range.setAttribute("aria-valuetext", text);
      caret.hidden = reading.hidden = !visible;
      caret.style.insetInlineStart = `${((index + 0.35) / (last + 1)) * 100}%`;
      reading.replaceChildren(text);
      for (const link of links) reading.append(" · ", link.cloneNode(true));
    }

    const at = (event) => {
      const box = drawing.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      const along = getComputedStyle(drawing).direction === "rtl" ? 1 - share : share;
      return Math.min(last, Math.max(0, Math.floor(along * (last + 1))));
    };
    range.addEventListener("input", () => show(Number(range.value)));
    range.addEventListener("focus", () => show(Number(range.value)));
    range.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && !event.buttons) show(at(event));
    });
    // The thumb of a native slider is wider than a day, so the strip places a press itself.
    range.addEventListener("pointerdown", (event) => {
      const index = at(event);
      requestAnimationFrame(() => {
        range.value = index;
        show(index);
      });
    });
    show(last, false);
  }

  function strips() {
    for (const strip of $$(".strip")) bars(strip);
  }

  // ---- Colors: Material's palette form, used as by Material's own script on the hand-written pages.
  function palette() {
    const form = document.querySelector("form[data-md-component=palette]");
    if (!form) return;
    const inputs = $$("input", form);
    const stored = __md_get("__palette");
    const index = stored && inputs[stored.index] ? stored.index : 0;
    const show = (chosen) => $$("label", form).forEach((label, number) => (label.hidden = number !== chosen));
    inputs[index].checked = true;
    show(index);
    form.addEventListener("change", () => {
      const chosen = inputs.findIndex((input) => input.checked);
      show(chosen);
      const read = (input, key) => input.getAttribute(`data-md-color-${key}`);
      const media = read(inputs[chosen], "media");
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const auto = media === "(prefers-color-scheme)";
      const source = auto
        ? inputs.find((i) => read(i, "media") === `(prefers-color-scheme: ${dark ? "dark" : "light"})`) || inputs[chosen]
        : inputs[chosen];
      const color = { media, scheme: read(source, "scheme"), primary: read(source, "primary"), accent: read(source, "accent") };
      for (const key of ["scheme", "primary", "accent"]) document.body.setAttribute(`data-md-color-${key}`, color[key]);
      __md_set("__palette", { index: chosen, color });
    });
  }

  // A link to an element in a closed section opens the section.
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = target && target.closest("details:not([open])");
    if (closed) closed.open = true;
  }

  // ---- Between two builds: scheduled maintenance follows its window, and an old page shows a warning.
  function look(element, state) {
    for (const name of [...element.classList]) if (name.startsWith("is-")) element.classList.remove(name);
    element.classList.add(`is-${state}`);
    const mark = document.querySelector(`template[data-state="${state}"]`);
    return mark && mark.content.cloneNode(true);
  }

  function headline(state, text, above, address) {
    const block = document.querySelector(".headline");
    const shown = block && look(block, state);
    if (!shown) return;
    block.querySelector(".headline-mark").replaceChildren(shown.querySelector(".glyph"));
    const name = make("bdi", {}, text);
    block.querySelector("h1").replaceChildren(address ? make("a", { href: address }, name) : name);
    const eyebrow = block.querySelector(".eyebrow");
    if (eyebrow) eyebrow.textContent = above;
    else if (above) block.querySelector("h1").before(make("p", { class: "eyebrow" }, above));
  }

  function row(id, state) {
    for (const element of $$(".row")) {
      if (element.dataset.component !== id || element.classList.contains(`is-${state}`)) continue;
      const shown = look(element, state);
      if (shown) element.querySelector(".row-head .state").replaceWith(shown.querySelector(".state"));
    }
  }

  function windows(now) {
    const block = document.querySelector(".headline");
    const calm = block && (block.classList.contains("is-operational") || block.classList.contains("is-under_maintenance"));
    const running = [];
    for (const element of $$("[data-from]")) {
      const [from, until] = [Date.parse(element.dataset.from), Date.parse(element.dataset.until)];
      const word = say(now >= until ? "completed" : now >= from ? "running" : "scheduled");
      const phase = element.querySelector(".phase");
      if (phase && phase.textContent !== word) phase.textContent = word;
      const touched = (element.dataset.components || "").split(" ").filter(Boolean);
      if (now >= from && now < until) running.push({ element, touched });
      else for (const id of touched) if (now >= until) row(id, "operational");
    }
    for (const { touched } of running) for (const id of touched) row(id, "under_maintenance");
    if (!calm || !$$(".live[data-from]").length) return;
    if (!running.length) return headline("operational", build().dataset.calm, "");
    const link = running[0].element.querySelector(":is(h2, h3) a");
    headline("under_maintenance", link.textContent, say("maintenance"), link.getAttribute("href"));
  }

  const isOld = (now) => now >= Date.parse(build().dataset.oldAt); // false if the date is unknown

  // A page of one record does not change with each build, so the time of the build is in a separate file.
  async function loadBuildTime() {
    const address = build()?.dataset.build;
    if (!address || !location.protocol.startsWith("http")) return;
    try {
      const known = await (await fetch(address, { cache: "no-cache" })).json();
      Object.assign(build().dataset, { built: known.built_at, oldAt: known.old_at });
      tick();
    } catch {
      // Without the file the page does not show its age.
    }
  }

  function old(now) {
    if (!isOld(now)) return;
    const block = document.querySelector(".headline");
    const built = Date.parse(build().dataset.built);
    const text = say("stale", { length: length(now - built) });
    const note = document.querySelector(".stale") || make("p", { class: "stale" });
    note.textContent = text;
    if (note.isConnected) return;
    if (!block) return document.getElementById("content").prepend(note);
    const shown = look(block, "degraded_performance");
    if (shown) block.querySelector(".headline-mark").replaceChildren(shown.querySelector(".glyph"));
    block.querySelector("h1").before(note);
  }

  // ---- Polling. site/embedding/widget.py copies this part into widget.js: it uses nothing from outside of it.
  async function load(address) {
    const response = await fetch(address, { cache: "no-cache" });
    if (!response.ok) throw new Error(response.status);
    return response;
  }

  // Calls `ask` every minute while the page is visible; after an error less often, down to every 10 minutes.
  function poll(ask, atOnce) {
    const [soon, late] = [60000, 600000];
    let wait = soon;
    let timer = 0;
    function plan() {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(turn, wait);
    }
    async function turn() {
      clearTimeout(timer);
      if (document.hidden) return;
      try {
        await ask();
        wait = soon;
      } catch {
        wait = Math.min(wait * 2, late); // no network, or a build is running: keep what is shown
      }
      plan();
    }
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : turn()));
    if (atOnce) turn();
    else plan();
  }
  // ---- End of polling.

  // ---- While the page is open: poll the summary, and load the page again after a change.
  let written = document.getElementById("content")?.innerHTML; // as loaded, before this script changed it

  async function renew() {
    const fresh = new DOMParser().parseFromString(await (await load(location.href)).text(), "text/html");
    const [content, mark] = [fresh.getElementById("content"), fresh.getElementById("sl-build")];
    if (!content || !mark || content.innerHTML === written) return;
    if (mark.dataset.built && mark.dataset.built <= build().dataset.built) return;
    written = content.innerHTML;
    const before = document.querySelector("h1").textContent;
    const active = document.activeElement;
    const address = active && active.getAttribute("href");
    const opened = $$("details[open] > summary").map((summary) => summary.textContent);
    document.getElementById("content").replaceChildren(...content.childNodes);
    document.title = fresh.title;
    for (const summary of $$("details > summary")) if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    enhance();
    loadBuildTime();
    if (address) $$("a", document.getElementById("content")).find((a) => a.getAttribute("href") === address)?.focus();
    const now = document.querySelector("h1").textContent;
    document.getElementById("sl-news").textContent = now === before ? say("updated", { text: now }) : now;
  }

  async function watch() {
    try {
      const summary = await (await load(build().dataset.summary)).json();
      const known = (build().dataset.updated ??= summary.page.updated_at);
      if (Date.parse(summary.page.updated_at) > Date.parse(known) || isOld(Date.now())) await renew();
    } finally {
      tick();
    }
  }

  function live() {
    if (!build() || !location.protocol.startsWith("http")) return;
    poll(watch, isOld(Date.now()) || !build().dataset.updated);
  }

  function tick() {
    ages();
    if (!build()) return;
    windows(Date.now());
    old(Date.now());
  }

  function enhance() {
    localTimes();
    strips();
    tick();
  }

  enhance();
  zoneNote();
  palette();
  reveal();
  live();
  loadBuildTime();
  setInterval(tick, 15000);
})();
