/* Geometry in the browser: TopoJSON and packed points as paths and positions in Mercator pixels at one zoom. */
(function () {
  "use strict";

  const REF_ZOOM = 10; // paths are built once, in Mercator pixels at this zoom
  const EARTH = 20037508.342789244; // half the width of Web Mercator, metres

  const worldPx = (lon, lat) => {
    const size = 256 * 2 ** REF_ZOOM;
    const sin = Math.sin((lat * Math.PI) / 180);
    return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
  };
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
  window.AnttGeometry = { REF_ZOOM, EARTH, worldPx, addRing, boundsOf, emptyBox, buildGeometry, unpack, placePoints };
})();
