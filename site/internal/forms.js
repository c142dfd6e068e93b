// The forms of the internal site. They build record files as text; nothing is sent anywhere.
(() => {
  const raise = document.getElementById("raise-form");
  const update = document.getElementById("update-form");
  const options = JSON.parse(raise.dataset.options);
  const LONGEST = 7500; // Forges refuse longer addresses.

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // ---- YAML: each text from a person is a double-quoted scalar, which JSON's escapes are a part of.
  const hex = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const clean = (text) => text.replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "").trim();
  const quoted = (text) => JSON.stringify(clean(text)).replace(/[\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/g, hex);
  const lines = (pairs, indent = "") => pairs.filter(([, value]) => value !== "" && value !== undefined && value !== null)
    .map(([key, value]) => typeof value === "string" ? `${indent}${key}: ${value}\n`
      : `${indent}${key}:\n${lines(value, `${indent}  `)}`).join("");
  const listed = (entries) => entries.map((pairs) => lines(pairs, "  ").replace(/^ {2}/, "- ")).join("");

  const compact = (at) => at.toISOString().replace(/[-:]/g, "");
  const time = (text) => (text ? new Date(text) : null);
  const stamp = (at) => (at ? at.toISOString() : "");
  const schema = (up, name) => `# yaml-language-server: $schema=${"../".repeat(up)}schemas/${name}.schema.json\n`;
  const folder = (id) => `${options.prefix}incidents/${id.slice(0, 4)}/${id}/`;

  const newId = (at, title) => {
    const plain = title.replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    const cut = words.length > 60 ? words.slice(0, 61).replace(/-[^-]*$/, "").slice(0, 60) : words;
    const base = `${at.toISOString().slice(0, 10)}-${cut || "incident"}`;
    let id = base;
    for (let number = 2; options.ids.includes(id); number += 1) id = `${base}-${number}`;
    return id;
  };

  // ---- What is wrong with the answers beyond what the browser checks itself; empty if nothing is.
  const wrong = (answers, now) => {
    const started = time(answers.get("started")), ended = time(answers.get("ended"));
    if (!clean(answers.get("title")) || !clean(answers.get("summary"))) return "Title and summary are required.";
    if (started > now || ended > now) return "Times must be in the past.";
    if (answers.get("kind") === "incident") return ended ? "An incident that is happening now has no end." : "";
    if (!started || !ended) return "An incident that is over needs the times when it began and ended.";
    return ended <= started ? "It must end after it began." : "";
  };

  const raised = (answers, at) => {
    const chosen = [...answers].filter(([key, value]) => key.startsWith("impact:") && value).map(([key, value]) => [key.slice(7), value]);
    const components = chosen.length ? chosen : [[options.unknown, "partial_outage"]];
    return [["kind", "raised"], ["at", stamp(at)], ["by", answers.get("by")], ["severity", answers.get("severity")],
      ["priority", answers.get("priority")], ["components", components], ["started_at", stamp(time(answers.get("started")))]];
  };

  const incidentFiles = (answers, now) => {
    const over = answers.get("kind") === "retrospective", by = answers.get("by");
    const started = time(answers.get("started")), ended = time(answers.get("ended"));
    const at = over ? started : now;
    const id = newId(at, answers.get("title"));
    const type = answers.get("type");
    const card = schema(3, "incident") + lines([["schema", "1"], ["title", quoted(answers.get("title"))],
      ["kind", answers.get("kind")], ["type", type], ["summary", quoted(answers.get("summary"))],
      ["detection", [["reporter", by]]], ["visibility", options.visibility[type]]]);
    const first = raised(answers, at);
    if (!over) return [[`${folder(id)}incident.yaml`, card],
      [`${folder(id)}timeline/${compact(at)}-raised.yaml`, schema(4, "entry") + lines(first)]];
    const recorded = ["recorded_at", stamp(now)];
    const impact = first.find(([key]) => key === "components")[1].map(([key]) => [key, "operational"]);
    const steps = options.after.map((to, number) => [["kind", "status"], ["at", stamp(ended)], ["by", by], recorded,
      ["id", `${compact(ended)}-status-${number + 1}`], ["to", to]]);
    const entries = [[...first, recorded], [["kind", "impact"], ["at", stamp(ended)], ["by", by], recorded,
      ["components", impact], ["ended_at", stamp(ended)]], ...steps];
    return [[`${folder(id)}incident.yaml`, card], [`${folder(id)}timeline/history.yaml`, schema(4, "timeline") + listed(entries)]];
  };

  const updateFiles = (answers, now) => {
    const minutes = Number(answers.get("next"));
    const text = lines([["kind", "update"], ["at", stamp(now)], ["by", answers.get("by")], ["audience", answers.get("audience")],
      ["phase", answers.get("phase")], ["next_update_at", minutes ? stamp(new Date(now.getTime() + minutes * 60000)) : ""],
      ["approved_by", answers.get("approved")], ["text", quoted(answers.get("text"))]]);
    return [[`${folder(answers.get("incident"))}timeline/${compact(now)}-update.yaml`, schema(4, "entry") + text]];
  };

  // ---- The files on the page: each with its path, its text, a button to copy it, and the forge's page for a new file.
  const shown = ([path, text]) => {
    const said = make("span", { role: "status" });
    const copy = make("button", { type: "button" }, "Copy");
    copy.addEventListener("click", () => navigator.clipboard.writeText(text).then(
      () => { said.textContent = " Copied."; }, () => { said.textContent = " The browser refused: select the text to copy it."; }));
    const part = make("div", { class: "internal-file" }, make("h3", {}, make("code", {}, path)), make("pre", { tabindex: "0" }, text), copy);
    if (options.new_file) {
      const bare = options.new_file.replace("{path}", () => encodeURIComponent(path));
      const whole = bare.replace("{text}", () => encodeURIComponent(text));
      const fits = whole.length <= LONGEST;
      part.append(" ", make("a", { href: fits ? whole : bare.replace("{text}", ""), rel: "noopener", target: "_blank" },
        fits ? "Open the new file at the forge" : "Open an empty new file at the forge, and paste the text"));
    }
    part.append(said);
    return part;
  };

  const answer = (form, name, check, files) => form && form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = new FormData(form), now = new Date();
    const trouble = check(answers, now);
    const made = trouble ? [] : files(answers, now);
    document.getElementById(`${name}-said`).textContent = trouble || (made.length > 1 ? `${made.length} files:` : "1 file:");
    document.getElementById(`${name}-files`).replaceChildren(...made.map(shown));
  });

  answer(raise, "raise", wrong, incidentFiles);
  answer(update, "update", (answers) => (clean(answers.get("text")) ? "" : "The text is required."), updateFiles);
})();
