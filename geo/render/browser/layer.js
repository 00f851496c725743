/* The Leaflet layer: two canvases, larger than the window, moved with the map and drawn again when the map rests. The
   ground (land, units, zones) is drawn anew only where it changed; symbols and names lie on a canvas above it. */
(function () {
  "use strict";

  const { REF_ZOOM } = window.AnttGeometry;
  const PAD = 0.12; // share of the window drawn beyond each edge, so that panning shows no blank

  window.AnttLayer = L.Layer.extend({
    initialize(owner) {
      this.owner = owner;
    },
    onAdd(map) {
      this._canvases = ["", " antt-above"].map((more) => L.DomUtil.create("canvas", `antt-canvas${more} leaflet-zoom-animated`));
      map.getPanes().overlayPane.append(...this._canvases);
      this.redraw();
    },
    onRemove() {
      for (const canvas of this._canvases) canvas.remove();
    },
    getEvents() {
      return { moveend: this.redraw, move: this._keepCovered, zoomanim: this._animate, resize: this.redraw };
    },
    _animate(e) {
      const scale = this._map.getZoomScale(e.zoom, this._zoom);
      const offset = this._map._latLngBoundsToNewLayerBounds(this._bounds, e.zoom, e.center).min;
      for (const canvas of this._canvases) L.DomUtil.setTransform(canvas, offset, scale);
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
      const width = Math.round(full.x * ratio), height = Math.round(full.y * ratio);
      this._zoom = map.getZoom();
      this._drawn = L.bounds(min, min.add(full));
      this._bounds = L.latLngBounds(map.layerPointToLatLng(min), map.layerPointToLatLng(min.add(full)));
      for (const c of this._canvases) {
        if (c.width !== width || c.height !== height) {
          c.width = width;
          c.height = height;
          c.style.width = `${full.x}px`;
          c.style.height = `${full.y}px`;
          this.owner.forgetGround();
        }
        L.DomUtil.setTransform(c, min, 1);
      }
      const k = 2 ** (this._zoom - REF_ZOOM);
      const origin = map.getPixelOrigin().add(min);
      const view = { scale: k * ratio, x: -origin.x * ratio, y: -origin.y * ratio, ratio, zoom: this._zoom, pad };
      const [ground, above] = this._canvases.map((c) => c.getContext("2d"));
      this.owner.draw(ground, above, view, width, height);
    },
  });
})();
