/* Files to take along. A link with `data-antt-file` asks the server to make one; what takes over a second shows how far it
   is, and the file is fetched when it is ready. */
(function () {
  "use strict";

  const shell = window.AnttShell;
  const PATIENCE_MS = 600, AGAIN_MS = 300;

  document.addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest("a[data-antt-file]");
    if (!link || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    if (link.getAttribute("aria-disabled") !== "true") take(link);
  });

  const take = async (link) => {
    const words = link.textContent, since = Date.now();
    link.setAttribute("aria-busy", "true");
    let bar = null;
    try {
      let said = await ask(link.href, "POST");
      while (said.state === "working") {
        if (!bar && Date.now() - since > PATIENCE_MS) bar = progress(words);
        if (bar) bar.tell(said.share);
        await new Promise((go) => setTimeout(go, AGAIN_MS));
        said = await ask(said.at, "GET");
      }
      if (said.state !== "ready") throw said.message;
      const file = document.createElement("a");
      file.href = new URL(said.file, shell.home);
      file.download = said.name;
      file.dispatchEvent(new MouseEvent("click", { cancelable: true })); // seen by nobody: a menu would close on it
      if (bar) bar.done();
      if (bar) shell.say(`\u2193 ${said.name}`);
    } catch (message) {
      (bar || progress(words)).fail(typeof message === "string" ? message : link.dataset.anttFile);
    }
    link.removeAttribute("aria-busy");
  };

  /* What the server says of a file; a moment without the network is waited for. */
  const ask = async (address, method, left = 8) => {
    let answer;
    try {
      answer = await fetch(new URL(address, shell.home), { method, headers: { Accept: "application/json" } });
    } catch (error) {
      if (!left) throw error;
      await new Promise((go) => setTimeout(go, 1000));
      return ask(address, method, left - 1);
    }
    if (answer.headers.get("content-type") !== "application/json") throw new Error(answer.status);
    return answer.json();
  };

  /* How far a file is, at the foot of the page. */
  const progress = (words) => {
    let place = document.querySelector(".antt-files");
    if (!place) document.body.append((place = shell.element("div", "antt-files")));
    const row = shell.element("div", "antt-file-row"), share = document.createElement("progress");
    row.setAttribute("role", "status");
    row.append(shell.element("span", "", words), share);
    place.append(row);
    const away = (ms) => setTimeout(() => row.remove(), ms);
    return {
      tell: (part) => {
        if (!part) return;
        share.value = part;
        row.firstChild.textContent = `${words} · ${Math.floor(part * 100)} %`;
      },
      done: () => away(0),
      fail: (message) => {
        row.classList.add("failed");
        share.remove();
        row.firstChild.textContent = `${words}: ${message}`;
        row.onclick = () => row.remove();
        away(12000);
      },
    };
  };
})();
