/* Printing from the browser: a page with a map prints as one sheet, whatever else is on the screen. */
(function () {
  "use strict";

  const maps = () => [...document.querySelectorAll('iframe[title="streamlit_folium.st_folium"]')].filter((f) => f.offsetParent || f.getClientRects().length);

  window.addEventListener("beforeprint", () => {
    const frame = maps().find((f) => f.contentWindow && f.contentWindow.antt);
    const sheet = frame && frame.contentWindow.antt.paper();
    if (!sheet) return;
    const tiles = document.querySelector(".stMain .antt-tiles");
    if (tiles) sheet.children[0].after(tiles.cloneNode(true));
    document.body.append(document.adoptNode(sheet));
    document.documentElement.classList.add("antt-printing");
  });

  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("antt-printing");
    for (const sheet of document.querySelectorAll(".antt-paper")) sheet.remove();
  });
})();
