// Runs before the first paint on each page: the reader's color choice, and four names that Material's script needs.
(() => {
  const base = document.currentScript.dataset.base || ".";
  const root = document.documentElement;
  root.classList.replace("no-js", "js");

  window.__md_scope = new URL(base, location);
  window.__md_hash = (text) => [...text].reduce((hash, c) => (hash << 5) - hash + c.charCodeAt(0), 0);
  // Storage can be full or forbidden, and then reading its name throws; so each use is inside a try.
  window.__md_get = (key, storage, scope = __md_scope) => {
    try {
      return JSON.parse((storage || localStorage).getItem(`${scope.pathname}.${key}`));
    } catch {
      return null;
    }
  };
  window.__md_set = (key, value, storage, scope = __md_scope) => {
    try {
      (storage || localStorage).setItem(`${scope.pathname}.${key}`, JSON.stringify(value));
    } catch {
      // The choice is then lost with the page.
    }
  };

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => (__md_get("__palette") || {}).color || {};

  function scheme() {
    const { media, scheme } = stored();
    return scheme && media !== "(prefers-color-scheme)" ? scheme : dark.matches ? "slate" : "default";
  }

  function paint() {
    root.dataset.scheme = scheme();
    if (document.body) document.body.setAttribute("data-md-color-scheme", scheme());
  }

  paint();
  dark.addEventListener("change", paint);
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    paint();
    // Scripts change the palette on the body, as Material does.
    new MutationObserver(() => {
      root.dataset.scheme = document.body.getAttribute("data-md-color-scheme");
    }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
  }).observe(root, { childList: true });

  // Opened from disk, there is no server that maps a folder to its index.html.
  function nameFiles() {
    for (const link of document.querySelectorAll("a[href]")) {
      const [, path, rest] = link.getAttribute("href").match(/^([^?#]*)(.*)$/);
      if (/^[a-z]+:/i.test(path) || !/(^|\/)\.{0,2}$/.test(path) || !path) continue;
      link.setAttribute("href", `${path.replace(/\/?$/, "/")}index.html${rest}`);
    }
  }

  // A link to a tab of a hand-written page opens that tab (in Material, an inline script).
  document.addEventListener("DOMContentLoaded", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.name && target.name.startsWith("__tabbed_")) target.checked = true;
    if (location.protocol === "file:") nameFiles();
  });
})();
