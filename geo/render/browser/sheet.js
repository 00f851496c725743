/* Everything around the map face: title, marks, figures, legend, insets, foot. Methods of `AnttMap`. */
(function () {
  "use strict";

  const { REF_ZOOM, EARTH, worldPx } = window.AnttGeometry;
  const { FLAT, markPath, paint, symbolPath } = window.AnttPaint;

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  window.AnttSheet = {
    element,

    _drawInsets(s, theme) {
      const seen = this.map.getBounds();
      for (const inset of this.insetCanvases || []) {
        inset.button.hidden = seen.contains(inset.bounds);
        if (inset.button.hidden) continue;
        const ctx = inset.canvas.getContext("2d");
        const { canvas, box } = inset;
        const scale = Math.min(canvas.width / (box[2] - box[0]), canvas.height / (box[3] - box[1])) * 0.92;
        const ratio = canvas.width / inset.width;
        const x = canvas.width / 2 - ((box[0] + box[2]) / 2) * scale;
        const y = canvas.height / 2 - ((box[1] + box[3]) / 2) * scale;
        const view = { scale, x, y, ratio, zoom: 0 };
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        ctx.fillStyle = theme.water;
        ctx.fillRect(0, 0, canvas.width, canvas.height);
        ctx.setTransform(scale, 0, 0, scale, x, y);
        this._drawUnits(ctx, view, s, theme);
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        if (s.circles) this._drawCircles(ctx, { ...view, zoom: 0 }, s);
      }
    },

    /* Everything around the map face; rebuilt only where its content changed. */
    _decorate() {
      const s = this.state;
      this._once("theme", s.theme, () => {
        this.sheet.dataset.theme = s.theme.name;
        for (const name of ["panel", "text", "muted", "line"]) this.sheet.style.setProperty(`--${name}`, s.theme[name]);
        this._scaleType();
        this.map.keyboard[s.theme.name === "light" ? "enable" : "disable"](); // on a projector keys steer the page
      });
      // Where it would cover what it explains, the legend lies under the map: on a projector, and on a narrow map.
      this._once("legend place", [s.theme.name !== "light" || this._narrow()], () => {
        const below = s.theme.name !== "light" || this._narrow();
        (below ? this.strip : this.legendPlace).append(this.legend);
        this.sheet.classList.toggle("antt-narrow", this._narrow());
      });
      this._once("head", [s.title, s.sentence], () => {
        this.words.hidden = !s.title;
        this.words.replaceChildren(element("h1", "", s.title), element("p", "", s.sentence));
        this.map.getContainer().setAttribute("aria-label", `${s.title}. ${s.sentence}`);
      });
      this._once("figures", s.figures, () => {
        this.side.hidden = !s.figures.length;
        this.side.replaceChildren(...s.figures.slice(0, 3).map((figure) => {
          const tile = element("div", `antt-figure antt-${figure.tone || "none"}`);
          for (const part of ["label", "value", "change", "verdict"])
            if (figure[part]) tile.append(element("div", `antt-${part}`, figure[part]));
          return tile;
        }));
      });
      this._once("legend", [s.legend, s.theme, s.words, this.type], () => this._buildLegend(s));
      this._once("insets", [s.frames, s.theme, this.type], () => this._buildInsets(s));
      this._once("marks", [s.marks, s.words.north], () => {
        this.north.replaceChildren(element("span", "antt-arrow", "\u25B2"), element("span", "", s.words.north));
        this.marks.replaceChildren(...s.marks.map((line) => element("div", "", line)));
      });
      this._clock(s);
      this._once("foot", s.foot, () => (this.foot.textContent = s.foot));
      this.laidOut = this._layout();
      this._resized();
    },

    /* The corner of a presentation: which slide, and how long it has been going on. */
    _clock(s) {
      clearInterval(this.ticking);
      this.corner.hidden = !s.corner;
      if (!s.corner) return;
      const tell = () => {
        const seconds = Math.max(0, Math.floor((Date.now() - s.since) / 1000));
        const two = (n) => String(n).padStart(2, "0");
        this.corner.textContent = `${s.corner} · ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
      };
      tell();
      if (s.since) this.ticking = setInterval(tell, 1000);
    },

    /* The centre stays; a map nobody has moved yet shows its whole frame again. */
    _resized() {
      if (this.state) this._scaleType();
      this.map.invalidateSize({ animate: false });
      // Leaflet may know the new size already: what counts is what the sheet was laid out and the map was placed for.
      if (this.state && this._layout() !== this.laidOut) return this._decorate();
      if (this.state) this._exhibit(this.state);
      if (this.placedFor && this.map.getSize().equals(this.placedFor)) return;
      this.placedFor = this.map.getSize();
      if (this.kept) this._reopen(this.kept);
      else if (this.home) this._fit(this.home, false);
    },

    /* A projector's sizes are those of 1080 lines; on another screen they grow and shrink with it. */
    _scaleType() {
      const theme = this.state.theme;
      const projector = theme.name !== "light";
      this.type = projector ? Math.min(window.innerWidth / 1920, window.innerHeight / 1080) : 1;
      this.sheet.style.setProperty("--type", `${theme.legend_px * this.type}px`);
    },

    _layout() {
      return [this.type, this._narrow()].join();
    },

    _narrow() {
      return !!this.state && this.state.theme.name === "light" && this.map.getSize().x < 780;
    },

    _once(part, content, build) {
      const key = JSON.stringify(content);
      this.built ||= {};
      if (this.built[part] === key) return;
      this.built[part] = key;
      build();
    },

    _buildLegend(s) {
      const title = element("button", "antt-legend-title", s.words.legend);
      const body = element("div", "antt-legend-body");
      body.hidden = !!this.legendClosed;
      title.type = "button";
      title.setAttribute("aria-expanded", String(!body.hidden));
      title.onclick = () => {
        body.hidden = this.legendClosed = !body.hidden;
        title.setAttribute("aria-expanded", String(!body.hidden));
      };
      for (const group of s.legend) {
        const sized = group.entries.length > 1 && group.entries.every((entry) => entry.size);
        const section = element("section", sized ? "antt-sizes" : "");
        section.append(element("h4", "", group.title));
        for (const entry of group.entries) {
          const row = element("div", "antt-entry");
          row.append(this._swatch(entry, s.theme), element("span", "", entry.label));
          section.append(row);
        }
        for (const note of [group.note, group.hint]) if (note) section.append(element("p", "", note));
        body.append(section);
      }
      this.legend.replaceChildren(title, body);
    },

    _swatch(entry, theme) {
      const zoom = (theme.legend_px * this.type) / 12;
      const size = entry.size ? entry.size * theme.weight * this.type : 0;
      const w = Math.max(26 * zoom, size * 2 + 4), h = Math.max(16 * zoom, size * 2 + 4);
      const ratio = 2;
      const canvas = element("canvas");
      canvas.width = w * ratio;
      canvas.height = h * ratio;
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
      const ctx = canvas.getContext("2d");
      const view = { ...FLAT, ratio };
      if (entry.symbol === "circle" || entry.symbol === "diamond") {
        paint(ctx, symbolPath(entry.symbol, (w * ratio) / 2, (h * ratio) / 2, (size || 5 * zoom) * ratio), entry.style, view);
        return canvas;
      }
      if (entry.symbol === "badge") {
        const r = 8 * zoom * ratio;
        ctx.fillStyle = entry.style.fill;
        ctx.fill(symbolPath("circle", (w * ratio) / 2, (h * ratio) / 2, Math.min(r, (h * ratio) / 2)));
        ctx.fillStyle = "#ffffff";
        ctx.font = `700 ${10.5 * zoom * ratio}px "Be Vietnam Pro"`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(entry.text, (w * ratio) / 2, (h * ratio) / 2 + 0.5 * zoom * ratio);
        return canvas;
      }
      const path = new Path2D();
      const inset = 1.5 * ratio;
      if (entry.symbol === "line") {
        path.moveTo(0, (h * ratio) / 2);
        path.lineTo(w * ratio, (h * ratio) / 2);
      } else path.rect(inset, inset, w * ratio - 2 * inset, h * ratio - 2 * inset);
      if (entry.symbol !== "fill") {
        ctx.fillStyle = theme.blank.fill; // lines and hatches are made to be seen on land
        ctx.fillRect(0, 0, canvas.width, canvas.height);
      }
      const style = entry.symbol === "fill" ? { ...entry.style, stroke: { color: theme.border, width: 0.8 } } : entry.style;
      paint(ctx, path, style, view);
      if (entry.mark) paint(ctx, markPath(entry.mark, (w * ratio) / 2, (h * ratio) / 2, zoom * ratio), entry.mark.style, view);
      return canvas;
    },

    _buildInsets(s) {
      this.insetCanvases = [];
      const nodes = s.frames.slice(1).map((frame) => {
        const [x0, y1] = worldPx(frame.bbox[0], frame.bbox[1]);
        const [x1, y0] = worldPx(frame.bbox[2], frame.bbox[3]);
        const height = 96, aspect = (x1 - x0) / (y1 - y0);
        const width = Math.round(Math.max(64, Math.min(150, height * aspect)));
        const button = element("button", "antt-inset");
        button.type = "button";
        const canvas = element("canvas");
        canvas.width = width * 2;
        canvas.height = height * 2;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
        const box = [x0, y0, x1, y1];
        const scale = Math.min((width * 2) / (x1 - x0), (height * 2) / (y1 - y0)) * 0.92;
        button.append(element("span", "antt-inset-name", frame.label), canvas, this._insetScale(frame, scale / 2));
        button.onclick = () => this._fit(frame.bbox, true);
        const bounds = L.latLngBounds([frame.bbox[1], frame.bbox[0]], [frame.bbox[3], frame.bbox[2]]);
        this.insetCanvases.push({ canvas, box, width, button, bounds });
        return button;
      });
      this.insets.replaceChildren(...nodes);
    },

    _insetScale(frame, pxPerRef) {
      const lat = ((frame.bbox[1] + frame.bbox[3]) / 2) * (Math.PI / 180);
      const metresPerRef = ((2 * EARTH) / (256 * 2 ** REF_ZOOM)) * Math.cos(lat);
      const km = [100, 50, 20, 10, 5, 2, 1, 0.5].find((k) => ((k * 1000) / metresPerRef) * pxPerRef <= 56) || 0.5;
      const bar = element("span", "antt-inset-scale", `${String(km).replace(".", ",")} km`);
      bar.style.width = `${((km * 1000) / metresPerRef) * pxPerRef}px`;
      return bar;
    },
  };
})();
