/* Addresses. Every page and view has one: links carry the view, the bar says what is on the screen, Back and Forward
   give each earlier view.

   Streamlit reads the address again when the browser goes back or forward. A link of ours makes its step in the history
   and then tells Streamlit the same, so that there is one way from an address to a view. The script of a page leaves an
   element with `data-antt-address`; what it says is written into the bar. */
(function () {
  "use strict";

  const home = new URL("../../../", document.currentScript.src);
  // Pages have paths of their own; without this Streamlit looks for its server below each of them.
  window.__streamlit = {
    BACKEND_BASE_URL: home.href,
    HOST_CONFIG_BASE_URL: home.href,
    MAIN_PAGE_BASE_URL: home.href,
    DOWNLOAD_ASSETS_BASE_URL: home.href,
  };

  const shell = (window.AnttShell = { home });
  const pageOf = (url) => new URL(url, home).pathname.slice(home.pathname.length);

  shell.element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /* Go to an address of ours without loading the application anew. */
  shell.go = (address) => {
    const url = new URL(address, home);
    if (url.href !== location.href) history.pushState({}, "", url);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    const fold = narrow(768) && document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    if (fold) fold.click(); // on a phone the menu lies over the page it leads to
  };

  const narrow = (px) => window.innerWidth < px;

  /* Where the map is, as part of the address; `null` takes it out. No step in the history. */
  shell.position = (at) => {
    const url = new URL(location.href);
    if (url.searchParams.get("at") === at) return;
    url.search = withPosition(url.search.replace(/(^\?|&)at=[^&]*/, ""), at);
    history.replaceState(history.state, "", url);
  };

  const withPosition = (search, at) => [search.replace(/^\?/, "").replace(/^&/, ""), at && `at=${at}`].filter(Boolean).join("&");

  let read = { mark: "", turn: 0 }, moved = false, touched = false;
  window.addEventListener("popstate", () => (moved = true), true);

  /* Parameters in one order and spelling, without the place of the map. */
  const said = (search) => JSON.stringify([...new URLSearchParams(search)].filter(([name]) => name !== "at").sort());

  /* The bar says what the script of the page says, as a new step unless it answers one. */
  const write = (node) => {
    const { anttAddress: address, anttFrom: from, anttHow: how, anttMark: mark, anttTurn: turn, anttAll: all } = node.dataset;
    node.dataset.anttRead = "";
    const anew = read.mark && mark !== read.mark;
    if (!anew && +turn <= read.turn) return; // drawn again
    read = { mark, turn: +turn };
    touched = false;
    // A server that was started anew has been told an older address; what is in the bar is what the person had.
    if (anew) return shell.go(location.href);
    const wanted = new URL(address, home);
    if (pageOf(wanted) !== pageOf(location.href)) return; // said before the last step, and late
    const here = new URL(location.href);
    if (moved && said(from) !== said(here.search)) return; // answers what was here before Back, Forward or a link
    moved = false;
    wanted.search = withPosition(wanted.search, here.searchParams.get("at"));
    carry(all);
    if (wanted.href === here.href) return;
    if (how === "push") history.pushState({}, "", wanted);
    else history.replaceState(history.state, "", wanted);
  };

  /* Where the card of a commune lies below the map, it comes into view when it opens. */
  let card = null;
  const follow = () => {
    const found = document.querySelector(".st-key-card");
    if (found && !card && narrow(1100)) found.scrollIntoView({ block: "nearest" });
    card = found;
  };

  new MutationObserver(() => {
    document.querySelectorAll("[data-antt-address]:not([data-antt-read])").forEach(write);
    follow();
  }).observe(document, { subtree: true, childList: true });

  /* Links of the menu carry the view that is on the screen, as far as their page knows its fields. */
  const carry = (all) => {
    const chosen = [...new URLSearchParams(all)];
    for (const link of document.querySelectorAll("a[data-antt-names]")) {
      const names = link.dataset.anttNames.split(" ");
      const query = chosen.filter(([name]) => names.includes(name)).map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",")}`);
      const bare = link.getAttribute("href").split("?")[0];
      link.setAttribute("href", query.length ? `${bare}?${query.join("&")}` : bare);
    }
  };

  /* What a person has just chosen or typed is part of the view a link carries: wait until the page has written it. */
  const settle = async () => {
    const typing = document.activeElement && document.activeElement.closest("input, textarea");
    if (typing) typing.blur();
    const rests = () => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
    // A busy server takes a while to begin; what began is waited for. Not all that is touched is answered.
    for (let waited = 0, ran = false; touched && waited < 10000 && !(rests() && (ran || waited > 500)); waited += 50) {
      await new Promise((go) => setTimeout(go, 50));
      ran = ran || !rests();
    }
    touched = false;
  };

  /* Boxes, switches and texts answer with a run of the script, which writes the address. */
  const touch = (e) => {
    if (e.isTrusted && e.target.closest && !e.target.closest("a, .st-key-menu, .st-key-foot")) touched = true;
  };
  for (const kind of ["input", "change"]) document.addEventListener(kind, touch, true);
  document.addEventListener("click", (e) => e.target.closest('[role="option"], [role="radio"], label') && touch(e), true);

  const plain = (e) => !(e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.defaultPrevented);

  document.addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest("a[data-antt-go]");
    if (link && plain(e)) {
      e.preventDefault();
      settle().then(() => shell.go(link.href));
    }
    const copy = e.target.closest && e.target.closest("[data-antt-copy]");
    if (copy) copied(copy);
  });

  document.addEventListener("keydown", (e) => {
    const button = e.key === " " && e.target.closest && e.target.closest('a[role="button"]');
    if (!button) return;
    e.preventDefault();
    button.click();
  });

  /* Where the connection is not encrypted, as on most local networks, a page may not write to the clipboard directly. */
  const copied = async (button) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      const text = shell.element("textarea", "antt-offscreen");
      text.value = location.href;
      document.body.append(text);
      text.select();
      done = document.execCommand("copy");
      text.remove();
      button.focus();
    }
    shell.say(done ? button.dataset.anttCopy : location.href);
  };

  /* A word at the foot of the page, for a few seconds. */
  shell.say = (text) => {
    const said = shell.element("div", "antt-said", text);
    said.setAttribute("role", "status");
    document.body.append(said);
    setTimeout(() => said.remove(), 4000);
  };
})();
