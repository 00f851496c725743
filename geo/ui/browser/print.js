/* Printing from the browser: a page with a map prints as one sheet, whatever else is on the screen. */
(function () {
  "use strict";

  const maps = () => [...document.querySelectorAll('iframe[title="streamlit_folium.st_folium"]')].filter((f) => f.offsetParent || f.getClientRects().length);

  window.addEventListener("beforeprint", () => {
    away(); // of a printing that never ended
    const frame = maps().find((f) => f.contentWindow && f.contentWindow.antt);
    const sheet = frame && frame.contentWindow.antt.paper();
    if (!sheet) return void document.body.prepend(marks());
    const tiles = document.querySelector(".stMain .antt-tiles");
    if (tiles) sheet.children[0].after(tiles.cloneNode(true));
    document.body.append(document.adoptNode(sheet));
    document.documentElement.classList.add("antt-printing");
  });

  /* No paper leaves without what it must say: the marking, and that data are for demonstration. */
  const marks = () => {
    const said = document.querySelector(".st-key-menu [data-testid='stCaptionContainer']");
    return window.AnttShell.element("div", "antt-paper-marks", said ? said.textContent : "");
  };

  const away = () => {
    document.documentElement.classList.remove("antt-printing");
    for (const sheet of document.querySelectorAll(".antt-paper, .antt-paper-marks")) sheet.remove();
  };

  window.addEventListener("afterprint", away);
})();
