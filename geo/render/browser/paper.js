/* The map as a sheet of paper for the browser's own printing: title, map, legend beside it, stamps. Methods of `AnttMap`. */
(function () {
  "use strict";

  const { EARTH, REF_ZOOM, worldPx } = window.AnttGeometry;
  const { element } = window.AnttSheet;
  const WIDTH = 780, HEIGHT = 570, RATIO = 2; // the face, in pixels of the page

  window.AnttPaper = {
    /* The sheet as an element for the document it is to be printed with; nothing where no map is to be seen. */
    paper() {
      const s = this.state;
      if (!s || !this.geometry || !this.map.getSize().x) return null;
      const sheet = element("section", "antt-paper");
      const head = element("header", "antt-paper-head"), words = element("div", "");
      words.append(element("h1", "", s.title), element("p", "", s.sentence));
      head.append(words, this.marks.cloneNode(true));
      const body = element("div", "antt-paper-body"), side = element("aside", "");
      side.append(this._paperLegend());
      if (s.exhibit) body.append(this._paperBoard());
      else body.append(this._paperFace(), side);
      sheet.append(head, body, element("footer", "", s.foot));
      return sheet;
    },

    /* The table or chart that stands in place of the map. */
    _paperBoard() {
      const copy = this.board.cloneNode(true);
      copy.className = "antt-paper-board";
      for (const svg of copy.querySelectorAll("svg")) {
        svg.removeAttribute("width");
        svg.removeAttribute("height");
      }
      return copy;
    },

    _paperFace() {
      const [width, height] = [WIDTH * RATIO, HEIGHT * RATIO];
      const [ground, above] = [0, 1].map(() => Object.assign(element("canvas"), { width, height }));
      const [view, apart] = this._paperView(width, height);
      this.forgetGround();
      this.draw(ground.getContext("2d"), above.getContext("2d"), view, width, height);
      this.forgetGround();
      const g = ground.getContext("2d");
      g.setTransform(1, 0, 0, 1, 0, 0);
      g.drawImage(above, 0, 0);
      this._paperInsets(g, apart, height);
      this._paperScale(g, view, width, height);
      this.layer.redraw();
      const image = element("img", "antt-paper-face");
      image.alt = `${this.state.title}. ${this.state.sentence}`;
      image.src = ground.toDataURL("image/png");
      return image;
    },

    /* What is on the screen, whole; of a map nobody has moved, the province, with islands its edge would cut. And the
       islands that are left for insets. */
    _paperView(width, height) {
      const seen = this.map.getBounds();
      let [west, south, east, north] = this.home || [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
      const fit = () => {
        const [x0, y1] = worldPx(west, south);
        const [x1, y0] = worldPx(east, north);
        const scale = Math.min(width / (x1 - x0), height / (y1 - y0)) * 0.97;
        const x = width / 2 - ((x0 + x1) / 2) * scale, y = height / 2 - ((y0 + y1) / 2) * scale;
        return { scale, x, y, ratio: RATIO, zoom: REF_ZOOM + Math.log2(scale / RATIO) };
      };
      const islands = this.home ? this.insetCanvases || [] : [];
      const placed = ({ box }, view) => [box[0] * view.scale + view.x, box[1] * view.scale + view.y, box[2] * view.scale + view.x, box[3] * view.scale + view.y];
      for (const island of islands) {
        const [left, top, right, bottom] = placed(island, fit());
        const outside = right < 0 || bottom < 0 || left > width || top > height;
        const large = bottom - top > 40 * RATIO;
        if (outside || !large || (left >= 0 && top >= 0 && right <= width && bottom <= height)) continue;
        const b = island.bounds;
        [west, south, east, north] = [Math.min(west, b.getWest()), Math.min(south, b.getSouth()), Math.max(east, b.getEast()), Math.max(north, b.getNorth())];
      }
      const view = fit();
      const apart = islands.filter((island) => {
        const [left, top, right, bottom] = placed(island, view);
        return left < 0 || top < 0 || right > width || bottom > height;
      });
      return [view, apart];
    },

    _paperInsets(ctx, apart, height) {
      const s = this.state;
      let x = 8 * RATIO;
      for (const { canvas, button, width } of apart) {
        const w = width * RATIO, h = 96 * RATIO, y = height - h - 8 * RATIO;
        ctx.drawImage(canvas, x, y, w, h);
        ctx.strokeStyle = s.theme.muted;
        ctx.lineWidth = RATIO;
        ctx.strokeRect(x, y, w, h);
        ctx.fillStyle = s.theme.text;
        ctx.font = `600 ${11 * RATIO}px "Be Vietnam Pro"`;
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        ctx.fillText(button.querySelector(".antt-inset-name").textContent, x + 4 * RATIO, y + 3 * RATIO);
        x += w + 6 * RATIO;
      }
    },

    /* How long some kilometres are in the middle of the sheet. */
    _paperScale(ctx, view, width, height) {
      const middle = this.home ? (this.home[1] + this.home[3]) / 2 : this.map.getCenter().lat;
      const metres = ((2 * EARTH) / (256 * 2 ** REF_ZOOM)) * Math.cos((middle * Math.PI) / 180); // of a reference pixel
      const km = [200, 100, 50, 20, 10, 5, 2, 1, 0.5].find((k) => ((k * 1000) / metres) * view.scale <= 130 * RATIO) || 0.2;
      const long = ((km * 1000) / metres) * view.scale, right = width - 10 * RATIO, y = height - 10 * RATIO;
      ctx.fillStyle = ctx.strokeStyle = this.state.theme.text;
      ctx.lineWidth = 2 * RATIO;
      ctx.strokeRect(right - long, y, long, 0);
      ctx.font = `500 ${11 * RATIO}px "Be Vietnam Pro"`;
      ctx.textAlign = "right";
      ctx.textBaseline = "bottom";
      ctx.fillText(`${String(km).replace(".", ",")} km`, right, y - 3 * RATIO);
      ctx.textBaseline = "top";
      ctx.font = `700 ${13 * RATIO}px "Be Vietnam Pro"`;
      ctx.fillText(`\u25B2 ${this.state.words.north}`, right, 8 * RATIO);
    },

    _paperLegend() {
      const copy = this.legend.cloneNode(true);
      for (const hidden of copy.querySelectorAll("[hidden]")) hidden.hidden = false;
      const swatches = this.legend.querySelectorAll("canvas");
      copy.querySelectorAll("canvas").forEach((canvas, i) => {
        const image = element("img");
        image.src = swatches[i].toDataURL("image/png");
        image.style.cssText = canvas.style.cssText;
        canvas.replaceWith(image);
      });
      return copy;
    },
  };
})();
