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
  };

  /* Where the map is, as part of the address; `null` takes it out. No step in the history. */
  shell.position = (at) => {
    const url = new URL(location.href);
    if (url.searchParams.get("at") === at) return;
    url.search = withPosition(url.search.replace(/(^\?|&)at=[^&]*/, ""), at);
    history.replaceState(history.state, "", url);
  };

  const withPosition = (search, at) => [search.replace(/^\?/, "").replace(/^&/, ""), at && `at=${at}`].filter(Boolean).join("&");

  let known = false;

  /* The bar says what the script of the page says, as a new step unless it answers one. */
  const write = (node) => {
    const { anttAddress: address, anttHow: how, anttTurn: turn, anttAll: all } = node.dataset;
    node.dataset.anttRead = "";
    // A server that was started anew has been told an older address; what is in the bar is what the person had.
    if (turn === "1" && known) return (known = false), shell.go(location.href);
    known = true;
    const wanted = new URL(address, home);
    if (pageOf(wanted) !== pageOf(location.href)) return; // said before the last step, and late
    const here = new URL(location.href);
    wanted.search = withPosition(wanted.search, here.searchParams.get("at"));
    carry(all);
    if (wanted.href === here.href) return;
    if (how === "push") history.pushState({}, "", wanted);
    else history.replaceState(history.state, "", wanted);
  };

  new MutationObserver(() => document.querySelectorAll("[data-antt-address]:not([data-antt-read])").forEach(write)).observe(
    document, { subtree: true, childList: true }
  );

  /* Links of the menu carry the view that is on the screen, as far as their page knows its fields. */
  const carry = (all) => {
    const said = [...new URLSearchParams(all)];
    for (const link of document.querySelectorAll("a[data-antt-names]")) {
      const names = link.dataset.anttNames.split(" ");
      const query = said.filter(([name]) => names.includes(name)).map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",")}`);
      const bare = link.getAttribute("href").split("?")[0];
      link.setAttribute("href", query.length ? `${bare}?${query.join("&")}` : bare);
    }
  };

  const plain = (e) => !(e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.defaultPrevented);

  document.addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest("a[data-antt-go]");
    if (link && plain(e)) {
      e.preventDefault();
      shell.go(link.href);
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
