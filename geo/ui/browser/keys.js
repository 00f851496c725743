/* Keys of projector and presenter. A page lists them in an element with `data-antt-keys`; they work wherever the focus is,
   in the page or in the map's frame. Every other key belongs to the browser. */
(function () {
  "use strict";

  const shell = window.AnttShell;
  const bound = () => {
    const lists = [...document.querySelectorAll("[data-antt-keys]")].map((node) => JSON.parse(node.dataset.anttKeys));
    if (!lists.length) return null;
    return { ...lists[0], keys: Object.assign({}, ...lists.map((l) => l.keys)), help: lists.reverse().flatMap((l) => l.help) };
  };
  const writes = (target) => target && target.closest && target.closest("input, textarea, select, [contenteditable]");

  /* A key by the name it is bound under: by what it writes, or, on a keyboard that writes something else, by its place. */
  const nameOf = (e, keys) => {
    if (!e.key) return undefined; // a form the browser fills in
    const written = e.key === " " ? "Space" : e.key.length === 1 ? e.key.toUpperCase() : e.key;
    return [written, (e.code || "").replace(/^(Key|Digit|Numpad)(?=.$)/, "")].find((name) => name in keys);
  };

  /* Do what a key is bound to; false where it is not ours. */
  shell.key = (e) => {
    if (!e.key || e.ctrlKey || e.metaKey || e.altKey || writes(e.target)) return false;
    const page = bound();
    if (!page) return false;
    if (e.key === "?") return help(page), true;
    const name = nameOf(e, page.keys);
    const open = document.querySelector(".antt-help");
    if (open) open.remove();
    if (open && e.key === "Escape") return true;
    if (!name) return false;
    if (e.repeat && name.length === 1) return true; // a held letter is one press
    const to = page.keys[name];
    if (to.go) shell.go(to.go);
    else press(to.press);
    return true;
  };

  const press = (name) => {
    const button = document.querySelector(`.st-key-${name} button`);
    if (button) button.click();
  };

  const help = (page) => {
    const open = document.querySelector(".antt-help");
    if (open) return open.remove();
    const panel = shell.element("div", "antt-help"), list = shell.element("dl", "");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", page.title);
    for (const [keys, words] of page.help) list.append(shell.element("dt", "", keys), shell.element("dd", "", words));
    panel.append(shell.element("h2", "", page.title), list);
    panel.onclick = () => panel.remove();
    document.body.append(panel);
  };

  /* Whoever comes to a page with keys is told how to see them. */
  let had = false;
  new MutationObserver(() => {
    const has = !!document.querySelector("[data-antt-keys]");
    if (has && !had) shell.say(bound().hint);
    const open = !has && document.querySelector(".antt-help");
    if (open) open.remove();
    had = has;
  }).observe(document, { subtree: true, childList: true });

  window.addEventListener("keydown", (e) => {
    const ours = shell.key(e);
    if (ours) e.preventDefault();
    // Streamlit has letters of its own, which would run the page anew in the middle of a briefing.
    if (ours || (bound() && !writes(e.target) && (e.key || "").length === 1)) e.stopImmediatePropagation();
  }, true);
})();
