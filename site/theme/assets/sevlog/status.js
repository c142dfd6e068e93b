// The reader's comfort on pages made from records: local times, ages, late promises, day bars by key, colours.
// Everything here adds to what stands on the page already; without it the page says the same in the page's own zone.
(() => {
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // ---- Times: the page's zone becomes the reader's, and the page's stays in the tooltip.
  const language = document.documentElement.lang || "en";
  const locale = navigator.languages.find((tag) => tag.split("-")[0] === language.split("-")[0]) || language;
  const format = (options) => new Intl.DateTimeFormat(locale, options);
  const clockParts = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const dayParts = { day: "numeric", month: "short", year: "numeric" };
  const clock = format(clockParts);
  const full = format({ ...dayParts, ...clockParts });
  const fullWithoutZone = format({ ...dayParts, hour: "2-digit", minute: "2-digit" });

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
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const note of $$(".sl-zone")) {
      note.title = note.textContent;
      note.textContent = `Times are in your zone, ${zone}; days are the page’s.`;
    }
  }

  // ---- Ages and promises, by the reader's clock.
  function length(milliseconds) {
    const minutes = Math.max(1, Math.round(milliseconds / 60000));
    const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
    if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
    return hours ? (minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`) : `${minutes} min`;
  }

  function ages() {
    const now = Date.now();
    for (const element of $$("[data-age]")) {
      const time = element.querySelector("time");
      const passed = now - new Date(time.dateTime);
      const age = element.querySelector(".age") || element.appendChild(make("span", { class: "age" }));
      age.textContent = passed < 0 ? "" : ` (${length(passed)}${element.classList.contains("fresh") ? " ago" : ""})`;
    }
    for (const element of $$("[data-due]")) {
      const left = new Date(element.querySelector("time").dateTime) - now;
      const note = element.querySelector(".age") || element.appendChild(make("span", { class: "age" }));
      element.classList.toggle("is-late", left < 0);
      note.textContent = left < 0 ? ` – overdue by ${length(-left)}` : ` – in ${length(left)}`;
    }
  }

  // ---- Day bars: one tab stop a strip. A range input brings arrows, Home, End, touch and screen readers with it.
  const dayName = format({ ...dayParts, timeZone: "UTC" });
  const dayAt = (first, index) => new Date(Date.parse(`${first}T00:00:00Z`) + index * 86400000);

  function describe(strip, index) {
    const date = dayAt(strip.dataset.first, index);
    const key = date.toISOString().slice(0, 10);
    if (key < strip.dataset.from) return { text: `${dayName.format(date)}: not measured yet`, links: [] };
    const item = strip.querySelector(`li[data-day="${key}"]`);
    if (!item) return { text: `${dayName.format(date)}: 100 % uptime, no incidents`, links: [] };
    const links = $$("a", item);
    const count = links.length === 1 ? "1 incident" : `${links.length} incidents`;
    const said = [...item.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("");
    const facts = said.replace(/[\s·]+$/, "").replace(/( · )+/g, "").replace(/^: /, "");
    const share = /uptime/.test(facts) ? "" : "100 % uptime, ";
    return { text: `${dayName.format(date)}: ${share}${facts}, ${count}`, links };
  }

  function bars(strip) {
    const last = Number(strip.dataset.count) - 1;
    const drawing = strip.querySelector(".strip-bars");
    const range = make("input", {
      type: "range", min: 0, max: last, value: last, class: "strip-range",
      "aria-label": `${strip.dataset.name}: days, ${drawing.querySelector("svg").getAttribute("aria-label")}`,
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
    // The thumb of a native slider is wider than a day, so a press is placed by the strip itself.
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

  // ---- Colours: Material's palette form, driven as Material's own script drives it on the hand-written pages.
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

  // A permalink to an update, or to a group's component, opens what hides it.
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = target && target.closest("details:not([open])");
    if (closed) closed.open = true;
  }

  localTimes();
  strips();
  palette();
  reveal();
  ages();
  setInterval(ages, 15000);
})();
