/* The map in the browser: one Leaflet layer that owns one canvas.

   `AnttMap.attach(leafletMap)` makes it; `update(payload)` hands it a new state (see geo/render/web.py for the payload).
   Polygons are fetched once per boundary version and kept; a change brings only classes, texts and points.
   Strings from the payload reach the page through `textContent` and `fillText` alone, never as markup. */
(function () {
  "use strict";

  const HERE = document.currentScript.src;

  const REF_ZOOM = 10; // paths are built once, in Mercator pixels at this zoom
  const EARTH = 20037508.342789244; // half the width of Web Mercator, metres
  const PAD = 0.2; // share of the window drawn beyond each edge, so that panning shows no blank

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const worldPx = (lon, lat) => {
    const size = 256 * 2 ** REF_ZOOM;
    const sin = Math.sin((lat * Math.PI) / 180);
    return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
  };

  /* ---- geometry: TopoJSON to paths ---- */

  function decodeArcs(topology) {
    const { scale, translate } = topology.transform;
    return topology.arcs.map((arc) => {
      let x = 0, y = 0;
      return arc.map(([dx, dy]) => {
        x += dx;
        y += dy;
        return worldPx(x * scale[0] + translate[0], y * scale[1] + translate[1]);
      });
    });
  }

  const polygonsOf = (geometry) =>
    geometry.type === "Polygon" ? [geometry.arcs] : geometry.type === "MultiPolygon" ? geometry.arcs : [];

  function ringPoints(ring, arcs) {
    const points = [];
    for (const index of ring) {
      const arc = index < 0 ? [...arcs[~index]].reverse() : arcs[index];
      for (let i = points.length ? 1 : 0; i < arc.length; i++) points.push(arc[i]);
    }
    return points;
  }

  function addRing(path, points) {
    points.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  }

  function boundsOf(points, box) {
    for (const [x, y] of points) {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  }

  /* A canvas does not wait for a web font, so the first drawing waits for the four weights. */
  const fonts = Promise.all(
    [["Regular", 400], ["Medium", 500], ["SemiBold", 600], ["Bold", 700]].map(([name, weight]) =>
      new FontFace("Be Vietnam Pro", `url(${new URL(`fonts/BeVietnamPro-${name}.ttf`, HERE)})`, { weight: String(weight) })
        .load()
        .then((face) => document.fonts.add(face))
    )
  ).catch((error) => console.error(error));

  const emptyBox = () => [Infinity, Infinity, -Infinity, -Infinity];

  function buildGeometry(topology) {
    const arcs = decodeArcs(topology);
    const uses = new Array(arcs.length).fill(0);
    const units = new Map();
    for (const g of topology.objects.units.geometries) {
      const path = new Path2D();
      const box = emptyBox();
      for (const polygon of polygonsOf(g))
        for (const ring of polygon) {
          const points = ringPoints(ring, arcs);
          addRing(path, points);
          boundsOf(points, box);
          for (const index of ring) uses[index < 0 ? ~index : index]++;
        }
      const p = g.properties;
      units.set(p.code, { code: p.code, name: p.name, kind: p.kind, path, box, at: worldPx(p.label[0], p.label[1]) });
    }
    const inner = new Path2D(), outer = new Path2D();
    uses.forEach((count, i) => {
      if (!count) return;
      const path = count > 1 ? inner : outer;
      arcs[i].forEach(([x, y], j) => (j ? path.lineTo(x, y) : path.moveTo(x, y)));
    });
    const land = new Path2D(), frontier = new Path2D();
    for (const g of (topology.objects.surroundings || { geometries: [] }).geometries) {
      for (const polygon of polygonsOf(g)) for (const ring of polygon) addRing(land, ringPoints(ring, arcs));
      const lines = g.type === "LineString" ? [g.arcs] : g.type === "MultiLineString" ? g.arcs : [];
      for (const line of lines)
        ringPoints(line, arcs).forEach(([x, y], j) => (j ? frontier.lineTo(x, y) : frontier.moveTo(x, y)));
    }
    return { units, inner, outer, land, frontier };
  }

  /* ---- styles ---- */

  const patternCache = new Map();

  function patternTile(kind, ink, scale) {
    const key = `${kind}|${ink}|${scale}`;
    if (patternCache.has(key)) return patternCache.get(key);
    const size = { hatch: 7, dots: 7, cross: 8, fine_dots: 5, slant: 8 }[kind] * scale;
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(size);
    const ctx = tile.getContext("2d");
    const s = tile.width;
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineWidth = 0.9 * scale;
    const line = (...p) => {
      ctx.beginPath();
      ctx.moveTo(p[0], p[1]);
      ctx.lineTo(p[2], p[3]);
      ctx.stroke();
    };
    if (kind === "hatch" || kind === "cross") {
      line(-1, s + 1, s + 1, -1);
      line(-1, 1, 1, -1);
      line(s - 1, s + 1, s + 1, s - 1);
    }
    if (kind === "slant" || kind === "cross") {
      line(-1, -1, s + 1, s + 1);
      line(s - 1, -1, s + 1, 1);
      line(-1, s - 1, 1, s + 1);
    }
    if (kind === "dots" || kind === "fine_dots") {
      ctx.beginPath();
      ctx.arc(s / 2, s / 2, (kind === "dots" ? 1.25 : 0.9) * scale, 0, 7);
      ctx.fill();
    }
    patternCache.set(key, tile);
    return tile;
  }

  /* Fill and outline `path`; `view` gives the transform in force, so that widths and patterns stay in screen pixels. */
  function paint(ctx, path, style, view) {
    if (style.fill) {
      ctx.fillStyle = style.fill;
      ctx.fill(path, "evenodd");
    }
    if (style.pattern && style.pattern !== "none") {
      const pattern = ctx.createPattern(patternTile(style.pattern, style.ink, view.ratio), "repeat");
      pattern.setTransform(new DOMMatrix().translate(-view.x / view.scale, -view.y / view.scale).scale(1 / view.scale));
      ctx.fillStyle = pattern;
      ctx.fill(path, "evenodd");
    }
    if (style.stroke) stroke(ctx, path, style.stroke, view);
  }

  function stroke(ctx, path, line, view) {
    const unit = view.ratio / view.scale;
    ctx.strokeStyle = line.color;
    ctx.lineWidth = line.width * unit;
    ctx.lineCap = line.dash && line.dash.length && line.dash[0] < 2 ? "round" : "butt";
    ctx.setLineDash((line.dash || []).map((d) => d * unit));
    ctx.stroke(path);
    ctx.setLineDash([]);
  }

  /* ---- symbols ---- */

  function symbolPath(symbol, x, y, r) {
    const path = new Path2D();
    if (symbol === "diamond") {
      const d = r * 1.2533; // the same area as a circle of radius r
      path.moveTo(x, y - d);
      path.lineTo(x + d, y);
      path.lineTo(x, y + d);
      path.lineTo(x - d, y);
      path.closePath();
    } else path.arc(x, y, r, 0, 2 * Math.PI);
    return path;
  }

  const FLAT = { scale: 1, x: 0, y: 0, ratio: 1 };

  function sprite(symbol, style, size, ratio) {
    const half = Math.ceil((size / 2 + 2) * ratio);
    const made = document.createElement("canvas");
    made.width = made.height = half * 2;
    const ctx = made.getContext("2d");
    paint(ctx, symbolPath(symbol, half, half, (size / 2) * ratio), style, { ...FLAT, ratio });
    return made;
  }

  function unpack(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new Uint16Array(bytes.buffer);
  }

  /* Positions in reference pixels for 16-bit pairs in a Mercator frame. */
  function placePoints(pairs, frame) {
    const size = 256 * 2 ** REF_ZOOM;
    const toX = (m) => ((m + EARTH) / (2 * EARTH)) * size;
    const toY = (m) => ((EARTH - m) / (2 * EARTH)) * size;
    const x0 = toX(frame[0]), y0 = toY(frame[1]);
    const kx = (toX(frame[2]) - x0) / 65535, ky = (toY(frame[3]) - y0) / 65535;
    const placed = new Float32Array(pairs.length);
    for (let i = 0; i < pairs.length; i += 2) {
      placed[i] = pairs[i] * kx;
      placed[i + 1] = pairs[i + 1] * ky;
    }
    return { placed, x0, y0 };
  }

  /* ---- the layer ---- */

  const Canvas = L.Layer.extend({
    initialize(owner) {
      this.owner = owner;
    },
    onAdd(map) {
      this._canvas = element("canvas", "antt-canvas leaflet-zoom-animated");
      map.getPanes().overlayPane.appendChild(this._canvas);
      this.redraw();
    },
    onRemove() {
      this._canvas.remove();
    },
    getEvents() {
      return { moveend: this.redraw, move: this._keepCovered, zoomanim: this._animate, resize: this.redraw };
    },
    _animate(e) {
      const scale = this._map.getZoomScale(e.zoom, this._zoom);
      const offset = this._map._latLngBoundsToNewLayerBounds(this._bounds, e.zoom, e.center).min;
      L.DomUtil.setTransform(this._canvas, offset, scale);
    },
    _keepCovered() {
      if (this._zoom !== this._map.getZoom() || !this._drawn) return;
      const view = this._map.containerPointToLayerPoint([0, 0]);
      const size = this._map.getSize();
      const d = this._drawn;
      const out = view.x < d.min.x || view.y < d.min.y || view.x + size.x > d.max.x || view.y + size.y > d.max.y;
      if (out && !this._pending)
        this._pending = requestAnimationFrame(() => {
          this._pending = 0;
          this.redraw();
        });
    },
    redraw() {
      const map = this._map;
      if (!map || !map.getSize().x || !map.getSize().y) return;
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const size = map.getSize();
      const pad = size.multiplyBy(PAD).round();
      const min = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
      const full = size.add(pad.multiplyBy(2));
      const c = this._canvas;
      if (c.width !== full.x * ratio || c.height !== full.y * ratio) {
        c.width = full.x * ratio;
        c.height = full.y * ratio;
        c.style.width = `${full.x}px`;
        c.style.height = `${full.y}px`;
      }
      this._zoom = map.getZoom();
      this._drawn = L.bounds(min, min.add(full));
      this._bounds = L.latLngBounds(map.layerPointToLatLng(min), map.layerPointToLatLng(min.add(full)));
      L.DomUtil.setTransform(c, min, 1);
      const k = 2 ** (this._zoom - REF_ZOOM);
      const origin = map.getPixelOrigin().add(min);
      const view = { scale: k * ratio, x: -origin.x * ratio, y: -origin.y * ratio, ratio, zoom: this._zoom, pad };
      this.owner.draw(c.getContext("2d"), view, c.width, c.height);
    },
  });

  class AnttMap {
    static attach(map) {
      return (window.antt = new AnttMap(map));
    }

    constructor(map) {
      this.map = map;
      this.geometries = new Map();
      this.zoneSets = new Map();
      this.pointSets = new Map();
      this.sequence = 0;
      this.opening = this._recall();
      const frame = map.getContainer();
      this.sheet = element("main", "antt-sheet");
      this.head = element("header", "antt-head");
      this.words = element("div", "antt-words");
      this.marks = element("div", "antt-marks");
      this.head.append(this.words, this.marks);
      this.strip = element("div", "antt-strip");
      this.side = element("aside", "antt-figures");
      const face = element("div", "antt-face");
      frame.parentNode.insertBefore(this.sheet, frame);
      face.append(frame, this.side);
      this.foot = element("footer", "antt-foot");
      this.sheet.append(this.head, face, this.strip, this.foot);
      frame.style.height = frame.style.width = "auto";
      map.invalidateSize();
      this.layer = new Canvas(this).addTo(map);
      this.tip = element("div", "antt-tip");
      this.tip.hidden = true;
      frame.appendChild(this.tip);
      this.status = element("div", "antt-status");
      frame.appendChild(this.status);
      this._controls();
      map.on("mousemove", (e) => this._hover(e));
      map.on("mouseout", () => (this.tip.hidden = true));
      map.on("click", (e) => this._click(e));
      map.on("moveend", () => this._remember());
      document.addEventListener("keydown", (e) => this._passOn(e));
      map.on("dragstart zoomstart", () => (this.home = this.fitting ? this.home : null));
      new ResizeObserver(() => this._resized()).observe(frame);
    }

    _controls() {
      const add = (position, className) => {
        const control = new L.Control({ position });
        const node = element("div", className);
        control.onAdd = () => {
          L.DomEvent.disableClickPropagation(node);
          L.DomEvent.disableScrollPropagation(node);
          return node;
        };
        control.addTo(this.map);
        return node;
      };
      this.legendPlace = add("bottomright", "antt-legend-place");
      this.legend = element("div", "antt-legend");
      this.scale = L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(this.map);
      this.insets = add("bottomleft", "antt-insets");
      this.north = add("topright", "antt-north");
    }

    /* ---- state ---- */

    /* A payload as it comes over the wire: deflated JSON in base64, point arrays beside it. */
    async receive(deflated, packed) {
      const turn = ++this.sequence;
      const bytes = Uint8Array.from(atob(deflated), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      const payload = await new Response(stream).json();
      payload.points.forEach((layer, i) => (layer.packed = packed[i]));
      if (turn === this.sequence) await this.update(payload);
    }

    async update(payload) {
      const turn = ++this.sequence;
      try {
        const [geometry, zones, points] = await Promise.all([
          this._geometry(payload.geometry),
          this._zones(payload.zones),
          this._points(payload.points || []),
          fonts,
        ]);
        if (turn !== this.sequence) return;
        this.state = payload;
        this.geometry = geometry;
        this.zones = zones;
        this.points = points;
        this._decorate();
        this._move(payload.view);
        this.layer.redraw();
        this.status.hidden = true;
        document.documentElement.dataset.drawn = payload.id;
      } catch (error) {
        this.status.textContent = payload.words.failed;
        this.status.hidden = false;
        console.error(error);
      }
    }

    _cached(store, address, make) {
      if (!store.has(address)) {
        const promise = fetch(address).then((response) => {
          if (!response.ok) throw new Error(`${response.status} ${address}`);
          return make(response);
        });
        promise.catch(() => store.delete(address));
        store.set(address, promise);
        if (store.size > 24) store.delete(store.keys().next().value);
      }
      return store.get(address);
    }

    _geometry(address) {
      return this._cached(this.geometries, address, async (response) => buildGeometry(await response.json()));
    }

    async _zones(address) {
      if (!address) return [];
      return this._cached(this.zoneSets, address, async (response) =>
        (await response.json()).flatMap((layer) =>
          layer.zones.map((zone) => {
            const path = new Path2D();
            const box = emptyBox();
            for (const ring of zone.rings) {
              const points = ring.map(([lon, lat]) => worldPx(lon, lat));
              addRing(path, points);
              boundsOf(points, box);
            }
            return { kind: layer.kind, label: layer.label, style: layer.style, name: zone.name, path, box };
          })
        )
      );
    }

    _points(layers) {
      return Promise.all(
        layers.map(async (layer) => {
          const pairs = layer.address
            ? await this._cached(this.pointSets, layer.address, async (r) => new Uint16Array(await r.arrayBuffer()))
            : unpack(layer.packed);
          return { ...layer, ...placePoints(pairs, layer.frame) };
        })
      );
    }

    _move(view) {
      if (!view) return;
      if (this.nonce === view.nonce) return;
      const first = this.nonce === undefined;
      this.nonce = view.nonce;
      const kept = first && view.remember ? this.opening : null;
      if (kept) this.map.setView([kept[0], kept[1]], kept[2], { animate: false });
      else this._fit(view.bbox, !first);
    }

    _fit(bbox, animate) {
      if (!this.map.getSize().x) return;
      const bounds = L.latLngBounds([bbox[1], bbox[0]], [bbox[3], bbox[2]]);
      // The legend lies over the lower right; on a wide map the province makes room for it.
      const legend = this.map.getSize().x > 640 ? this.legendPlace.offsetWidth * 0.7 : 0;
      const options = { animate, maxZoom: 13, paddingTopLeft: [14, 14], paddingBottomRight: [14 + legend, 14] };
      this.fitting = true;
      this.map.fitBounds(bounds, options);
      this.fitting = false;
      this.home = bbox;
    }

    /* The position stands in the page's address, so that a link reopens it; nothing is sent to the server for it. */
    _recall() {
      const text = new URLSearchParams(window.parent.location.search).get("at");
      const parts = (text || "").split(",").map(Number);
      return parts.length === 3 && parts.every(Number.isFinite) ? parts : null;
    }

    _remember() {
      if (!this.state || !this.state.view || !this.state.view.remember) return;
      const c = this.map.getCenter();
      const url = new URL(window.parent.location.href);
      url.searchParams.set("at", `${c.lat.toFixed(4)},${c.lng.toFixed(4)},${+this.map.getZoom().toFixed(2)}`);
      url.search = url.search.replace(/%2C/g, ",");
      window.parent.history.replaceState(window.parent.history.state, "", url);
    }

    /* ---- drawing ---- */

    draw(ctx, view, width, height) {
      const s = this.state;
      const theme = s ? s.theme : null;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.fillStyle = theme ? theme.water : "#dfe8ee";
      ctx.fillRect(0, 0, width, height);
      if (!s || !this.geometry) return;
      const onMap = () => ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
      const onScreen = () => ctx.setTransform(1, 0, 0, 1, 0, 0);
      onMap();
      this._drawUnits(ctx, view, s, theme);
      for (const zone of this.zones) paint(ctx, zone.path, zone.style, view);
      onScreen();
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
    }

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
    }

    _drawPoints(ctx, view, width, height) {
      for (const layer of this.points) {
        if (view.zoom < layer.from_zoom) continue;
        const icon = sprite(layer.symbol, layer.style, layer.size, view.ratio);
        const half = icon.width / 2;
        const cell = Math.max(1, Math.round((layer.size * view.ratio) / 3));
        const columns = Math.ceil(width / cell) + 1;
        const taken = new Uint8Array(columns * (Math.ceil(height / cell) + 1));
        const ox = layer.x0 * view.scale + view.x, oy = layer.y0 * view.scale + view.y;
        const p = layer.placed;
        for (let i = 0; i < p.length; i += 2) {
          const x = ox + p[i] * view.scale, y = oy + p[i + 1] * view.scale;
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const key = ((y / cell) | 0) * columns + ((x / cell) | 0);
          if (taken[key]) continue;
          taken[key] = 1;
          ctx.drawImage(icon, (x - half) | 0, (y - half) | 0);
        }
      }
    }

    _screen(at, view) {
      return [at[0] * view.scale + view.x, at[1] * view.scale + view.y];
    }

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
    }

    _drawOutlines(ctx, view, s) {
      if (!s.outlines) return;
      for (const outline of s.outlines.items) {
        outline.path = new Path2D();
        const points = outline.ring.map(([lon, lat]) => worldPx(lon, lat));
        outline.box = boundsOf(points, emptyBox());
        addRing(outline.path, points);
        stroke(ctx, outline.path, { ...s.outlines.stroke, width: s.outlines.stroke.width * s.theme.weight }, view);
      }
    }

    _drawBadges(ctx, view, s, theme) {
      if (!s.outlines) return;
      const px = theme.label_px * this.type * view.ratio;
      ctx.font = `700 ${px}px "Be Vietnam Pro"`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      for (const outline of [...s.outlines.items].reverse()) {
        const [x, y] = this._screen([(outline.box[0] + outline.box[2]) / 2, outline.box[1]], view);
        const r = px * 0.82;
        ctx.fillStyle = s.outlines.stroke.color;
        ctx.fill(symbolPath("circle", x, y - r * 0.4, r));
        ctx.fillStyle = "#ffffff";
        ctx.fillText(outline.badge, x, y - r * 0.36);
      }
    }

    _drawLabels(ctx, view, s, theme, width, height) {
      const px = theme.label_px * this.type * view.ratio;
      ctx.font = `500 ${px}px "Be Vietnam Pro"`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = px * 0.28;
      const placed = this._reserved(view);
      const radii = new Map(s.circles && view.zoom < s.circles.until_zoom ? s.circles.items : []);
      const order = s.selected ? [s.selected, ...s.labels] : s.labels;
      const done = new Set();
      for (const [rank, code] of order.entries()) {
        const unit = this.geometry.units.get(code);
        if (!unit || done.has(code)) continue;
        const [x, centre] = this._screen(unit.at, view);
        const r = radii.has(code) ? radii.get(code) * theme.weight * this.type * view.ratio : 0;
        const y = centre + (r ? r + px * 0.75 : 0);
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
    }

    /* Room that names must leave free: the badges of clusters. */
    _reserved(view) {
      const s = this.state;
      if (!s.outlines) return [];
      const r = s.theme.label_px * this.type * view.ratio;
      return s.outlines.items.map((o) => {
        const [x, y] = this._screen([(o.box[0] + o.box[2]) / 2, o.box[1]], view);
        return [x - r, y - r * 1.4, x + r, y + r * 0.6];
      });
    }

    /* ---- insets, legend, tooltip ---- */

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
    }

    /* Everything around the map face; rebuilt only where its content changed. */
    _decorate() {
      const s = this.state;
      this._once("theme", s.theme, () => {
        this.sheet.dataset.theme = s.theme.name;
        for (const name of ["panel", "text", "muted", "line"]) this.sheet.style.setProperty(`--${name}`, s.theme[name]);
        this._scaleType();
        const wide = s.theme.name !== "light"; // on a projector the legend lies under the map, and keys steer the page
        (wide ? this.strip : this.legendPlace).append(this.legend);
        this.map.keyboard[wide ? "disable" : "enable"]();
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
      this._once("foot", s.foot, () => (this.foot.textContent = s.foot));
      this._resized();
    }

    /* The centre stays; a map nobody has moved yet shows its whole frame again. */
    _resized() {
      const before = this.type;
      if (this.state) this._scaleType();
      if (this.state && this.type !== before) this._decorate();
      this.map.invalidateSize({ animate: false });
      if (this.home) this._fit(this.home, false);
    }

    /* A projector's sizes are those of 1080 lines; on another screen they grow and shrink with it. */
    _scaleType() {
      const theme = this.state.theme;
      const projector = theme.name !== "light";
      this.type = projector ? Math.min(window.innerWidth / 1920, window.innerHeight / 1080) : 1;
      this.sheet.style.setProperty("--type", `${theme.legend_px * this.type}px`);
    }

    _once(part, content, build) {
      const key = JSON.stringify(content);
      this.built ||= {};
      if (this.built[part] === key) return;
      this.built[part] = key;
      build();
    }

    _buildLegend(s) {
      const title = element("button", "antt-legend-title", s.words.legend);
      title.type = "button";
      title.setAttribute("aria-expanded", "true");
      const body = element("div", "antt-legend-body");
      title.onclick = () => {
        body.hidden = !body.hidden;
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
    }

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
      return canvas;
    }

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
    }

    _insetScale(frame, pxPerRef) {
      const lat = ((frame.bbox[1] + frame.bbox[3]) / 2) * (Math.PI / 180);
      const metresPerRef = ((2 * EARTH) / (256 * 2 ** REF_ZOOM)) * Math.cos(lat);
      const km = [100, 50, 20, 10, 5, 2, 1, 0.5].find((k) => ((k * 1000) / metresPerRef) * pxPerRef <= 56) || 0.5;
      const bar = element("span", "antt-inset-scale", `${String(km).replace(".", ",")} km`);
      bar.style.width = `${((km * 1000) / metresPerRef) * pxPerRef}px`;
      return bar;
    }

    /* In projector mode a key pressed while the map has the focus belongs to the page around it. */
    _passOn(e) {
      if (!this.state || this.state.theme.name === "light" || e.ctrlKey || e.metaKey || e.altKey) return;
      const { key, code, keyCode } = e;
      window.parent.document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, bubbles: true }));
      e.preventDefault();
    }

    _unitAt(latlng) {
      if (!this.geometry) return null;
      const [x, y] = worldPx(latlng.lng, latlng.lat);
      const probe = (this._probe ||= document.createElement("canvas").getContext("2d"));
      for (const unit of this.geometry.units.values()) {
        const b = unit.box;
        if (x >= b[0] && x <= b[2] && y >= b[1] && y <= b[3] && probe.isPointInPath(unit.path, x, y, "evenodd")) return unit;
      }
      return null;
    }

    _hover(e) {
      const s = this.state;
      if (!s) return;
      const lines = [];
      const unit = this._unitAt(e.latlng);
      const [x, y] = worldPx(e.latlng.lng, e.latlng.lat);
      const probe = (this._probe ||= document.createElement("canvas").getContext("2d"));
      if (unit) {
        const cell = s.cells[unit.code];
        const full = `${unit.kind} ${unit.name}`;
        lines.push(full.charAt(0).toUpperCase() + full.slice(1), ...(cell ? cell.slice(1) : []));
      }
      for (const outline of s.outlines ? s.outlines.items : [])
        if (outline.path && probe.isPointInPath(outline.path, x, y)) lines.push(...outline.lines);
      for (const zone of this.zones)
        if (probe.isPointInPath(zone.path, x, y, "evenodd")) lines.push(`${zone.label}: ${zone.name}`);
      if (!lines.length) {
        this.tip.hidden = true;
        return;
      }
      const key = lines.join("\n");
      if (key !== this.tip.dataset.key) {
        this.tip.dataset.key = key;
        this.tip.replaceChildren(...lines.map((line, i) => element(i ? "div" : "strong", "", line)));
      }
      this.tip.hidden = false;
      const size = this.map.getSize();
      const right = e.containerPoint.x + 18 + this.tip.offsetWidth < size.x;
      const below = e.containerPoint.y + 18 + this.tip.offsetHeight < size.y;
      this.tip.style.left = `${e.containerPoint.x + (right ? 16 : -16 - this.tip.offsetWidth)}px`;
      this.tip.style.top = `${e.containerPoint.y + (below ? 16 : -16 - this.tip.offsetHeight)}px`;
    }

    _click(e) {
      const unit = this._unitAt(e.latlng);
      this.clicks = (this.clicks || 0) + 1;
      if (unit && window.Streamlit) window.Streamlit.setComponentValue({ unit: unit.code, click: Date.now() + this.clicks });
    }
  }

  window.AnttMap = AnttMap;
})();
