/* Drawing the map face, lowest layer first. Methods of `AnttMap`; `this.state` is the payload in force. */
(function () {
  "use strict";

  const { REF_ZOOM, worldPx, addRing } = window.AnttGeometry;
  const { FLAT, markPath, paint, stroke, symbolPath, sprite } = window.AnttPaint;

  const middle = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

  function isSmall(zone, view) {
    const widest = Math.max(zone.box[2] - zone.box[0], zone.box[3] - zone.box[1]);
    return !!zone.mark && (widest * view.scale) / view.ratio < zone.mark.size;
  }

  window.AnttDrawing = {
    draw(ground, ctx, view, width, height) {
      const s = this.state;
      const theme = s ? s.theme : null;
      const onMap = () => ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
      const onScreen = () => ctx.setTransform(1, 0, 0, 1, 0, 0);
      this._drawGround(ground, view, s, width, height);
      onScreen();
      ctx.clearRect(0, 0, width, height);
      if (!s || !this.geometry) return;
      this._drawPoints(ctx, view, width, height);
      this._drawCircles(ctx, view, s);
      onMap();
      this._drawOutlines(ctx, view, s);
      if (s.selected && this.geometry.units.has(s.selected))
        stroke(ctx, this.geometry.units.get(s.selected).path, { color: theme.selected, width: 3 * theme.weight }, view);
      onScreen();
      this._drawBadges(ctx, view, s, theme);
      this._drawLabels(ctx, view, s, theme, width, height);
      this._drawInsets(s, theme);
    },

    /* The ground is drawn again only where it is another one: the same units in the same classes, seen from the same place,
       look as they did. */
    _drawGround(ctx, view, s, width, height) {
      const { scale, x, y, ratio } = view;
      const key = JSON.stringify([scale, x, y, ratio, s && [s.geometry, s.zones, s.theme.name, s.classes, s.look], !!this.geometry]);
      if (key === this.ground) return;
      this.ground = key;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.fillStyle = s ? s.theme.water : "#dfe8ee";
      ctx.fillRect(0, 0, width, height);
      if (!s || !this.geometry) return;
      ctx.setTransform(scale, 0, 0, scale, x, y);
      this._drawUnits(ctx, view, s, s.theme);
      for (const zone of this.zones) if (!isSmall(zone, view)) paint(ctx, zone.path, zone.style, view);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      for (const zone of this.zones) if (isSmall(zone, view)) this._drawMark(ctx, zone, view, s.theme.weight);
    },

    /* An area too small to be seen: its mark in its place. */
    _drawMark(ctx, zone, view, weight) {
      const [x, y] = this._screen(middle(zone.box), view);
      paint(ctx, markPath(zone.mark, x, y, weight * view.ratio), zone.mark.style, { ...FLAT, ratio: view.ratio });
    },

    /* Where marks are, canvas pixels: no name covers them. */
    _markBoxes(view, weight) {
      return this.zones.filter((zone) => isSmall(zone, view)).map((zone) => {
        const [x, y] = this._screen(middle(zone.box), view), r = (zone.mark.size / 2) * weight * view.ratio;
        return [x - r, y - r, x + r, y + r];
      });
    },

    /* Whether a place is on the mark of an area. */
    _isOnMark(zone, x, y) {
      const scale = 2 ** (this.map.getZoom() - REF_ZOOM);
      const [mx, my] = middle(zone.box);
      return isSmall(zone, { scale, ratio: 1 }) && Math.hypot(x - mx, y - my) * scale <= zone.mark.size / 2 + 2;
    },

    forgetGround() {
      this.ground = "";
    },

    _drawUnits(ctx, view, s, theme) {
      const g = this.geometry;
      ctx.fillStyle = theme.neighbour;
      ctx.fill(g.land, "evenodd");
      stroke(ctx, g.land, { color: theme.coast, width: 0.8 }, view);
      for (const unit of g.units.values()) {
        const cell = s.cells[unit.code];
        paint(ctx, unit.path, cell ? s.classes[cell[0]] : theme.blank, view);
      }
      stroke(ctx, g.inner, { color: theme.border, width: 0.8 * theme.weight }, view);
      stroke(ctx, g.outer, { color: theme.province, width: 1.5 * theme.weight }, view);
      stroke(ctx, g.frontier, { color: theme.province, width: 1.6 * theme.weight, dash: [10, 3, 2, 3] }, view);
    },

    /* Points are stamped into one picture, at most one for each third of a symbol's width: where many lie on top of each
       other the others would not be seen, and a hundred thousand take no longer than what fits on the screen. */
    _drawPoints(ctx, view, width, height) {
      const layers = this.points.filter((layer) => view.zoom >= layer.from_zoom && layer.placed.length);
      if (!layers.length) return;
      const sheet = this._stampSheet(width, height);
      for (const layer of layers) this._stamp(sheet, layer, view);
      ctx.putImageData(sheet.image, 0, 0); // nothing lies below them on this canvas
    },

    /* The picture points are stamped into, kept for the next drawing of the same size. */
    _stampSheet(width, height) {
      if (!this.stamps || this.stamps.width !== width || this.stamps.height !== height) {
        const image = new ImageData(width, height);
        this.stamps = { image, words: new Uint32Array(image.data.buffer), width, height };
      }
      this.stamps.words.fill(0);
      return this.stamps;
    },

    _stamp(sheet, layer, view) {
      const { words, width, height } = sheet;
      const icon = sprite(layer.symbol, layer.style, layer.size, view.ratio);
      const size = icon.width, half = size >> 1;
      const cell = Math.max(1, Math.round((layer.size * view.ratio) / 3));
      const columns = Math.ceil(width / cell) + 1;
      const taken = new Uint8Array(columns * (Math.ceil(height / cell) + 1));
      const ox = layer.x0 * view.scale + view.x, oy = layer.y0 * view.scale + view.y;
      const p = layer.placed;
      for (let i = 0; i < p.length; i += 2) {
        const x = (ox + p[i] * view.scale) | 0, y = (oy + p[i + 1] * view.scale) | 0;
        if (x < half || y < half || x >= width - half || y >= height - half) continue;
        const key = ((y / cell) | 0) * columns + ((x / cell) | 0);
        if (taken[key]) continue;
        taken[key] = 1;
        for (let row = 0, from = 0, to = (y - half) * width + x - half; row < size; row++, from += size, to += width)
          for (let k = 0; k < size; k++) {
            const word = icon.pixels[from + k];
            if (word >>> 24 > words[to + k] >>> 24) words[to + k] = word;
          }
      }
    },

    _screen(at, view) {
      return [at[0] * view.scale + view.x, at[1] * view.scale + view.y];
    },

    _drawCircles(ctx, view, s) {
      const layer = s.circles;
      if (!layer || view.zoom >= layer.until_zoom) return;
      for (const [code, radius] of layer.items) {
        const unit = this.geometry.units.get(code);
        if (!unit) continue;
        const [x, y] = this._screen(unit.at, view);
        const path = symbolPath(layer.symbol, x, y, radius * s.theme.weight * this.type * view.ratio);
        paint(ctx, path, layer.style, { ...FLAT, ratio: view.ratio });
      }
    },

    _drawOutlines(ctx, view, s) {
      if (!s.outlines) return;
      for (const outline of s.outlines.items) {
        outline.path = new Path2D();
        const points = outline.ring.map(([lon, lat]) => worldPx(lon, lat));
        addRing(outline.path, points);
        stroke(ctx, outline.path, { ...s.outlines.stroke, width: s.outlines.stroke.width * s.theme.weight }, view);
      }
    },

    _drawBadges(ctx, view, s, theme) {
      if (!s.outlines) return;
      const px = theme.label_px * this.type * view.ratio;
      ctx.font = `700 ${px}px "Be Vietnam Pro"`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      for (const outline of [...s.outlines.items].reverse()) {
        const [x, y] = this._screen(worldPx(...outline.at), view);
        const r = px * 0.82;
        ctx.fillStyle = s.outlines.stroke.color;
        ctx.fill(symbolPath("circle", x, y, r));
        ctx.fillStyle = "#ffffff";
        ctx.fillText(outline.badge, x, y + r * 0.04);
      }
    },

    _drawLabels(ctx, view, s, theme, width, height) {
      const px = theme.label_px * this.type * view.ratio;
      ctx.font = `500 ${px}px "Be Vietnam Pro"`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = px * 0.28;
      const placed = [...this._reserved(view), ...this._markBoxes(view, theme.weight)];
      const radii = new Map(s.circles && view.zoom < s.circles.until_zoom ? s.circles.items : []);
      const order = s.selected ? [s.selected, ...s.labels] : s.labels;
      const done = new Set();
      for (const [rank, code] of order.entries()) {
        const unit = this.geometry.units.get(code);
        if (!unit || done.has(code)) continue;
        const [x, centre] = this._screen(unit.at, view);
        const r = radii.has(code) ? radii.get(code) * theme.weight * this.type * view.ratio : 0;
        const tiny = (unit.box[3] - unit.box[1]) * view.scale < px * 1.6 ? px * 0.4 : 0; // a name must not hide its island
        const y = centre + (r || tiny ? Math.max(r, tiny) + px * 0.75 : 0);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const w = ctx.measureText(unit.name).width;
        if (rank >= 10 && w > (unit.box[2] - unit.box[0]) * view.scale * 1.35) continue;
        const box = [x - w / 2 - 3, y - px * 0.62, x + w / 2 + 3, y + px * 0.62];
        if (placed.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) continue;
        placed.push(box);
        done.add(code);
        ctx.strokeStyle = theme.halo;
        ctx.strokeText(unit.name, x, y);
        ctx.fillStyle = theme.label;
        ctx.fillText(unit.name, x, y);
      }
      this.labelled = done.size;
    },

    /* Room that names must leave free: the badges of clusters. */
    _reserved(view) {
      const s = this.state;
      if (!s.outlines) return [];
      const r = s.theme.label_px * this.type * view.ratio;
      return s.outlines.items.map((o) => {
        const [x, y] = this._screen(worldPx(...o.at), view);
        return [x - r, y - r, x + r, y + r];
      });
    },
  };
})();
