/* The map in the browser: one Leaflet layer that owns one canvas.

   `AnttMap.attach(leafletMap)` makes it; `update(payload)` hands it a new state (see geo/render/web.py for the payload).
   Polygons are fetched once per boundary version and kept; a change brings only classes, texts and points.
   Strings from the payload reach the page through `textContent` and `fillText` alone, never as markup. */
(function () {
  "use strict";

  const { worldPx, addRing, boundsOf, emptyBox, buildGeometry, unpack, placePoints } = window.AnttGeometry;
  const { element } = window.AnttSheet;
  /* The page around the map, where there is one of ours. */
  const around = (() => {
    try {
      return window.parent.location.href && window.parent;
    } catch {
      return window;
    }
  })();
  const HERE = document.currentScript.src || document.baseURI;
  const fontAddress = (name) => (window.AnttFonts || {})[name] || `fonts/BeVietnamPro-${name}.ttf`; // a page of one file holds its own

  /* A canvas does not wait for a web font, so the first drawing waits for the four weights. */
  const fonts = Promise.all(
    [["Regular", 400], ["Medium", 500], ["SemiBold", 600], ["Bold", 700]].map(([name, weight]) =>
      new FontFace("Be Vietnam Pro", `url(${new URL(fontAddress(name), HERE)})`, { weight: String(weight) })
        .load()
        .then((face) => document.fonts.add(face))
    )
  ).catch((error) => console.error(error));
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
      this.corner = element("div", "antt-corner");
      this.corner.hidden = true;
      this.sheet.append(this.head, face, this.strip, this.foot, this.corner);
      frame.style.height = frame.style.width = "auto";
      map.invalidateSize();
      this.layer = new window.AnttLayer(this).addTo(map);
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
      this.path = around.location.pathname;
      around.addEventListener("popstate", (this.onReturn = () => this._returned()));
      window.addEventListener("pagehide", () => around.removeEventListener("popstate", this.onReturn));
      document.addEventListener("keydown", (e) => this._passOn(e), true);
      map.on("dragstart zoomstart", () => {
        if (!this.fitting) this.home = this.kept = null;
      });
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
        this.state = this._opened(payload);
        this.tip.hidden = true; // it spoke of what was there before
        this.geometry = geometry;
        this.zones = zones;
        this.points = points;
        this._decorate();
        this._exhibit(payload);
        this._move(payload.view, payload.frames[0].bbox);
        this.layer.redraw();
        if (window.AnttPen) (this.pen ||= new window.AnttPen(this)).update(payload.drawing);
        this.status.hidden = true;
        document.documentElement.dataset.drawn = payload.id;
      } catch (error) {
        this.status.textContent = payload.words.failed;
        this.status.hidden = false;
        console.error(error);
      }
    }

    /* Lists that travel as one string each, to be short. */
    _opened(payload) {
      const words = (text) => (text ? text.split(" ") : []);
      const circles = payload.circles && { ...payload.circles, items: [] };
      if (circles) words(payload.circles.items).forEach((word, i, all) => i % 2 || circles.items.push([word, +all[i + 1]]));
      const cells = {};
      for (const row of payload.cells ? payload.cells.split(";") : []) {
        const [code, cls, ...lines] = row.split(" ");
        cells[code] = [+cls, ...lines.map((line) => line.split(":"))];
      }
      const look = Object.entries(cells).map(([code, [cls]]) => `${code} ${cls}`).join();
      return { ...payload, cells, look, labels: words(payload.labels), circles };
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
            return { kind: layer.kind, label: layer.label, style: layer.style, mark: layer.mark, name: zone.name, path, box };
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

    /* The map goes where it is sent, and to the window the description asks for whenever that is another one; else it
       stays where the person left it. Back and Forward have put it where it was then. */
    _move(view, frame) {
      if (!view) return;
      const wanted = JSON.stringify(frame), opens = this.wanted !== undefined && this.wanted !== wanted;
      const returned = this.backThere;
      this.wanted = wanted;
      this.backThere = false;
      if (this.nonce === view.nonce) {
        if (opens && !returned) this._fit(frame, true);
        return;
      }
      const first = this.nonce === undefined;
      this.nonce = view.nonce;
      const kept = first && view.remember ? this.opening : null;
      if (kept) this._reopen(kept);
      else this._fit(view.bbox, !first);
    }

    /* To the very place, again whenever the page around the map settles: Leaflet's own way shifts it by a pixel. */
    _reopen(kept) {
      this.fitting = true;
      this.map.setView([kept[0], kept[1]], kept[2], { animate: false });
      this.fitting = false;
      this.kept = kept;
    }

    _fit(bbox, animate) {
      this.home = bbox;
      this.kept = null;
      if (Math.min(this.map.getSize().x, this.map.getSize().y) < 60) return; // once there is room
      const bounds = L.latLngBounds([bbox[1], bbox[0]], [bbox[3], bbox[2]]);
      // The legend lies over the lower right; on a wide map the province makes room for it.
      const size = this.map.getSize(), place = this.legendPlace;
      // On a narrow map a high legend would hide more than a corner.
      const share = size.x < 900 && place.offsetHeight > size.y * 0.3 ? 1 : 0.7;
      const legend = size.x > 640 ? place.offsetWidth * share : 0;
      const options = { animate, maxZoom: 13, paddingTopLeft: [14, 14], paddingBottomRight: [14 + legend, 14] };
      this.fitting = true;
      this.map.fitBounds(this._whole(bounds, options), options);
      this.fitting = false;
    }

    /* Islands have insets, but one that would be cut by the edge of a narrow map is taken in whole, for little zoom. */
    _whole(bounds, options) {
      const { paddingTopLeft: a, paddingBottomRight: b } = options;
      const room = L.point(a[0] + b[0], a[1] + b[1]);
      const zoom = Math.min(this.map.getBoundsZoom(bounds, false, room), options.maxZoom);
      const half = this.map.getSize().divideBy(2);
      const shift = L.point(b[0] - a[0], b[1] - a[1]).divideBy(2);
      const middle = this.map.project(bounds.getSouthWest(), zoom).add(this.map.project(bounds.getNorthEast(), zoom)).divideBy(2).add(shift);
      const view = L.latLngBounds(this.map.unproject(middle.subtract(half), zoom), this.map.unproject(middle.add(half), zoom));
      let whole = bounds;
      const tall = ({ bounds: b }) => this.map.project(b.getSouthWest(), zoom).y - this.map.project(b.getNorthEast(), zoom).y;
      for (const inset of (this.insetCanvases || []).filter((island) => tall(island) > 24))
        if (view.intersects(inset.bounds) && !view.contains(inset.bounds)) {
          const wider = L.latLngBounds(whole.getSouthWest(), whole.getNorthEast()).extend(inset.bounds);
          if (this.map.getBoundsZoom(wider, false, room) >= zoom - 1) whole = wider;
        }
      return whole;
    }

    /* The position stands in the page's address, so that a link reopens it; nothing is sent to the server for it. */
    _recall() {
      const text = new URLSearchParams(around.location.search).get("at");
      const parts = (text || "").split(",").map(Number);
      return parts.length === 3 && parts.every(Number.isFinite) ? parts : null;
    }

    _remember() {
      const shell = around.AnttShell;
      if (!this.state || !this.state.view.remember || !shell || around.location.pathname !== this.path) return;
      const c = this.map.getCenter();
      shell.position(`${c.lat.toFixed(4)},${c.lng.toFixed(4)},${+this.map.getZoom().toFixed(2)}`);
    }

    /* Back or Forward to another view of this page: the map goes where it was then. */
    _returned() {
      if (!this.state || !this.state.view.remember || around.location.pathname !== this.path) return;
      const kept = this._recall();
      this.backThere = !!kept;
      if (kept) this._reopen(kept);
      else this._fit(this.state.view.bbox, false);
    }

    /* A key of the page around the map is its own, though the map has the focus; every other stays the browser's. */
    _passOn(e) {
      const shell = around.AnttShell;
      if (!shell || !shell.key(e)) return;
      e.preventDefault();
      e.stopImmediatePropagation();
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

    /* The tooltip lines of a cell: phrases with their numbers put back into the gaps. */
    linesOf(cell) {
      return (cell || []).slice(1).map(([phrase, ...numbers]) => {
        let next = 0;
        return numbers.length ? this.state.phrases[phrase].replace(/\ue000/g, () => numbers[next++]) : this.state.phrases[phrase];
      });
    }

    _hover(e) {
      const s = this.state;
      if (!s || (this.pen && this.pen.busy)) {
        this.tip.hidden = true;
        return;
      }
      const lines = [];
      const unit = this._unitAt(e.latlng);
      const [x, y] = worldPx(e.latlng.lng, e.latlng.lat);
      const probe = (this._probe ||= document.createElement("canvas").getContext("2d"));
      if (unit) {
        const cell = s.cells[unit.code];
        const full = `${unit.kind} ${unit.name}`;
        lines.push(full.charAt(0).toUpperCase() + full.slice(1), ...this.linesOf(cell));
      }
      for (const outline of s.outlines ? s.outlines.items : [])
        if (outline.path && probe.isPointInPath(outline.path, x, y)) lines.push(...outline.lines);
      for (const zone of this.zones)
        if (probe.isPointInPath(zone.path, x, y, "evenodd") || this._isOnMark(zone, x, y))
          lines.push(`${zone.label}: ${zone.name}`);
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
      if (this.pen && this.pen.busy) return; // each corner that is drawn is a click too
      const unit = this._unitAt(e.latlng);
      const { lng: lon, lat } = e.latlng.wrap();
      this.clicks = (this.clicks || 0) + 1;
      if (!window.Streamlit || !(unit || (this.state && this.state.places))) return;
      window.Streamlit.setComponentValue({ unit: unit ? unit.code : null, lon, lat, click: Date.now() + this.clicks });
    }
  }

  Object.assign(AnttMap.prototype, window.AnttDrawing, window.AnttSheet, window.AnttExhibit, window.AnttPaper);
  window.AnttMap = AnttMap;
})();
