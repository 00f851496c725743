/* Styles on a canvas: fills, patterns, lines and symbols, with widths in screen pixels whatever the transform. */
(function () {
  "use strict";

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

  /* The polygon of a mark, `unit` canvas pixels to one of its. */
  function markPath(mark, x, y, unit) {
    const path = new Path2D();
    const r = (mark.size / 2) * unit;
    mark.corners.forEach(([right, down], i) => path[i ? "lineTo" : "moveTo"](x + right * r, y + down * r));
    path.closePath();
    return path;
  }

  const FLAT = { scale: 1, x: 0, y: 0, ratio: 1 };

  const sprites = new Map();

  /* A symbol drawn once: its pixels, row by row, one 32-bit word each. */
  function sprite(symbol, style, size, ratio) {
    const key = JSON.stringify([symbol, style, size, ratio]);
    if (sprites.has(key)) return sprites.get(key);
    const half = Math.ceil((size / 2 + 2) * ratio);
    const made = document.createElement("canvas");
    made.width = made.height = half * 2;
    const ctx = made.getContext("2d", { willReadFrequently: true });
    paint(ctx, symbolPath(symbol, half, half, (size / 2) * ratio), style, { ...FLAT, ratio });
    const pixels = new Uint32Array(ctx.getImageData(0, 0, made.width, made.height).data.buffer);
    sprites.set(key, { width: made.width, pixels });
    return sprites.get(key);
  }
  window.AnttPaint = { FLAT, markPath, paint, stroke, symbolPath, sprite };
})();
