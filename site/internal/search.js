// The search of the internal site. The pieces of the index are scripts that call sevlogFound with their pages, so that
// the search works from a folder on disk too. Nothing that a record says is ever parsed as HTML.
(() => {
  const form = document.getElementById("internal-search");
  const query = document.getElementById("internal-query");
  const said = document.getElementById("internal-found");
  const list = document.getElementById("internal-results");
  const index = location.protocol === "file:" ? "index.html" : form.dataset.index || "";
  const pieces = Number(form.dataset.pieces);
  const SHOWN = 30, AROUND = 90;
  const pages = [];
  let loaded = 0, asked = false, shown = SHOWN;

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // Lower case without accents. Each code unit of the text keeps its place, so that an excerpt can be cut from it.
  const plainUnit = (unit) => unit.normalize("NFD")[0].toLowerCase()[0] || unit;
  const folded = (text) => (/^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : text.split("").map(plainUnit).join(""));

  window.sevlogFound = (found) => {
    for (const [address, kind, title, facts, day, texts] of found)
      pages.push({ address, kind, title, facts, day, texts, head: folded(title), about: folded(`${kind} ${facts} ${day}`),
        words: texts.map((text) => folded(text[2])) });
  };

  const load = () => {
    if (loaded >= pieces) return show();
    const script = make("script", { src: `${loaded}.js` });
    script.onload = () => { loaded += 1; load(); };
    script.onerror = () => { said.textContent = "The index could not be loaded. Reload the page to try again."; };
    document.head.append(script);
  };

  // Every word must occur somewhere on the page; where it occurs decides the rank.
  const score = (page, words) => {
    let sum = 0;
    for (const word of words) {
      const points = (page.head.includes(word) ? 10 : 0) + (page.about.includes(word) ? 4 : 0)
        + page.words.filter((text) => text.includes(word)).length;
      if (!points) return 0;
      sum += points;
    }
    const phrase = words.join(" ");
    const near = words.length > 1 && [page.head, page.about, ...page.words].some((text) => text.includes(phrase));
    return sum + (near ? 8 : 0);
  };

  const marked = (text, words) => {
    const low = folded(text), parts = [];
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [low.indexOf(word, at), word.length]).filter(([place]) => place >= 0)
        .sort((one, other) => one[0] - other[0] || other[1] - one[1])[0];
      if (!next) break;
      parts.push(text.slice(at, next[0]), make("mark", {}, text.slice(next[0], next[0] + next[1])));
      at = next[0] + next[1];
    }
    return [...parts, text.slice(at)];
  };

  const excerpt = (text, low, words) => {
    const phrase = low.indexOf(words.join(" "));
    const rare = words.filter((word) => low.includes(word)).sort((one, other) => low.split(one).length - low.split(other).length);
    const first = phrase >= 0 ? phrase : low.indexOf(rare[0]);
    const from = Math.max(0, first - AROUND), to = Math.min(text.length, first + AROUND);
    return [from ? "… " : "", ...marked(text.slice(from, to), words), to < text.length ? " …" : ""];
  };

  const there = (page, anchor) => {
    const [path, own] = page.address.split("#");
    const part = own || anchor;
    return `../${path}${index}${part ? `#${part}` : ""}`;
  };

  const result = (page, words) => {
    const item = make("li", {}, make("a", { href: there(page, "") }, ...marked(page.title, words)));
    item.append(make("p", { class: "meta" }, `${page.kind}${page.day ? `, ${page.day}` : ""} · `, ...marked(page.facts, words)));
    page.texts.forEach(([place, anchor, text], number) => {
      if (!words.some((word) => page.words[number].includes(word))) return;
      item.append(make("p", {}, make("a", { href: there(page, anchor) }, place), ": ", ...excerpt(text, page.words[number], words)));
    });
    return item;
  };

  const show = () => {
    const words = [...new Set(folded(query.value).split(/\s+/).filter(Boolean))].slice(0, 12);
    list.replaceChildren();
    if (!words.length) { said.textContent = ""; return; }
    if (loaded < pieces) { said.textContent = "Loading the index …"; return; }
    const hits = pages.map((page) => [score(page, words), page]).filter(([points]) => points)
      .sort((one, other) => other[0] - one[0] || other[1].day.localeCompare(one[1].day));
    const short = pages.filter((page) => !page.texts.length).length;
    said.textContent = (hits.length === 1 ? "1 page found." : `${hits.length || "No"} pages found.`)
      + (short ? ` Of the ${short} oldest, only titles, summaries and facts are searched.` : "");
    list.append(...hits.slice(0, shown).map(([, page]) => result(page, words)));
    if (hits.length <= shown) return;
    const more = make("button", { type: "button" }, `Show ${Math.min(SHOWN, hits.length - shown)} more`);
    more.addEventListener("click", () => {
      const next = shown;
      shown += SHOWN;
      show();
      list.children[next]?.querySelector("a").focus();
    });
    list.append(make("li", { class: "internal-more" }, more));
  };

  const search = () => {
    shown = SHOWN;
    const address = new URL(location.href);
    if (query.value) address.searchParams.set("q", query.value); else address.searchParams.delete("q");
    try { history.replaceState(null, "", address); } catch { /* Not from a folder on disk. */ }
    show();
    if (!asked && query.value) { asked = true; load(); }
  };

  let waiting;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); search(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      event.preventDefault();
      query.focus();
    }
  });
  query.value = new URL(location.href).searchParams.get("q") || "";
  if (query.value) search();
})();
