/* A person draws on the map and changes what is drawn: a polygon, a circle, a line to divide by. What comes of it goes to
   Python, which checks it; the shape in hand comes back with each change and is put on the map anew only where its `turn`
   is another one. */
(function () {
  "use strict";

  const STYLE = { color: "#b3261e", weight: 2.5, opacity: 1, fillColor: "#b3261e", fillOpacity: 0.12 };
  const DIVIDING = { ...STYLE, color: "#111827", dashArray: "8 5", fill: false };

  /* Words of ours in place of the library's own, by path. */
  function speak(words) {
    for (const [path, text] of Object.entries(words)) {
      const names = path.split(".");
      const last = names.pop();
      const place = names.reduce((held, name) => (held[name] ||= {}), L.drawLocal);
      place[last] = text;
    }
  }

  const flipped = (ring) => ring.map(([lon, lat]) => [lat, lon]);

  /* Corners small enough to be told apart; the library makes them twice as large wherever a touch screen may be. */
  const corner = (size) => new L.DivIcon({ iconSize: new L.Point(size, size), className: "leaflet-div-icon leaflet-editing-icon" });
  for (const kind of [L.Edit.PolyVerticesEdit, L.Draw.Polyline, L.Edit.SimpleShape]) {
    const options = kind.prototype.options;
    Object.assign(options, options.moveIcon ? { moveIcon: corner(11), resizeIcon: corner(11) } : {}, { icon: corner(11), touchIcon: corner(13) });
    if (options.touchMoveIcon) Object.assign(options, { touchMoveIcon: corner(13), touchResizeIcon: corner(13) });
  }

  class AnttPen {
    constructor(owner) {
      this.owner = owner;
      this.map = owner.map;
      this.busy = false;
      this.drawn = 0;
      this.map.createPane("antt-pen").style.zIndex = 590;
      this.look = { pane: "antt-pen", renderer: L.svg({ pane: "antt-pen" }) };
      this.group = L.featureGroup().addTo(this.map);
      this.map.on("draw:created", (e) => this._created(e.layer));
      this.map.on("draw:drawstop", () => this._stopped());
      this.map.on("draw:editvertex draw:editmove draw:editresize", () => this._changed());
    }

    update(draw) {
      const turn = draw ? draw.turn : "";
      if (turn === this.turn) return;
      this.turn = turn;
      this._clear();
      if (!draw) return;
      speak(draw.words);
      if (draw.shape) this._put(draw.shape, draw.tool);
      if (draw.tool === "polygon" || draw.tool === "circle" || draw.tool === "line") this._begin(draw.tool);
    }

    _clear() {
      this.leaving = true;
      if (this.handler) this.handler.disable();
      this.leaving = false;
      this.handler = null;
      this.group.eachLayer((layer) => layer.editing && layer.editing.disable());
      this.group.clearLayers();
      this.busy = false;
    }

    _put(shape, tool) {
      const style = { ...STYLE, ...this.look };
      const layers =
        shape.type === "Circle"
          ? [L.circle(flipped([shape.at])[0], { ...style, radius: shape.radius })]
          : shape.coordinates.map((polygon) => L.polygon(polygon.map(flipped), style)); // the library moves corners of single ones
      for (const layer of layers) {
        this.group.addLayer(layer);
        if (tool === "edit") layer.editing.enable();
      }
      this.busy = tool === "edit";
      const box = this.group.getBounds(), seen = this.map.getBounds();
      const { x, y } = this.map.latLngToLayerPoint(box.getSouthEast()).subtract(this.map.latLngToLayerPoint(box.getNorthWest()));
      if (seen.contains(box) && Math.max(x, y) > 120) return; // where its corners can be told apart the map stays
      this.owner.fitting = true;
      this.map.fitBounds(box, { maxZoom: 14, padding: [60, 60], animate: false });
      this.owner.fitting = false;
    }

    _begin(tool) {
      const Handler = { polygon: L.Draw.Polygon, circle: L.Draw.Circle, line: L.Draw.Polyline }[tool];
      const shapeOptions = { ...(tool === "line" ? DIVIDING : STYLE), ...this.look };
      this.handler = new Handler(this.map, { shapeOptions, metric: true, feet: false, showLength: false, showRadius: true });
      this.handler.enable();
      this.busy = true;
    }

    _created(layer) {
      this.done = true;
      this._send(layer);
    }

    /* The library lets go by itself when a shape is done and when a person presses Escape. */
    _stopped() {
      if (this.leaving) return;
      setTimeout(() => {
        if (!this.done) this._say({ stopped: true });
        this.done = this.busy = false;
        this.handler = null;
      }, 0);
    }

    _changed() {
      const layers = this.group.getLayers();
      if (layers.length === 1) return this._send(layers[0]);
      this._say({ type: "MultiPolygon", coordinates: layers.map((layer) => layer.toGeoJSON(false).geometry.coordinates) });
    }

    _send(layer) {
      if (layer instanceof L.Circle) {
        const { lng, lat } = layer.getLatLng();
        this._say({ type: "Circle", at: [lng, lat], radius: layer.getRadius() });
      } else this._say(layer.toGeoJSON(false).geometry); // to the last digit: what was not moved stays what it was
    }

    _say(drawn) {
      this.drawn += 1;
      if (window.Streamlit) window.Streamlit.setComponentValue({ drawn, turn: this.turn, click: Date.now() + this.drawn });
    }
  }

  window.AnttPen = AnttPen;
})();
