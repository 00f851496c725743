/* Runs in every frame before anything else, and tells the top frame what happened when. All times are milliseconds on
   the one clock of the machine. */
(() => {
  "use strict";
  const now = () => performance.timeOrigin + performance.now();
  const top = window.top;
  const book = (top.__bench ||= { events: [], waiting: [], needs: 0, longest: [], frames: null });
  const note = (what, more) => {
    const entry = { what, at: now(), ...more };
    book.events.push(entry);
    if (what === "drawn") book.waiting.splice(0).forEach((tell) => tell());
  };

  // A map is drawn when the frame after its mark has been painted.
  const afterPaint = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(0);
    });
  const marked = new MutationObserver(() => {
    const mark = document.documentElement.dataset.drawn;
    note("marked", { mark });
    afterPaint(() => note("drawn", { mark }));
  });
  // Observed anew at each message: the first document of a frame is not the one that stays.
  const observe = () => marked.observe(document.documentElement, { attributes: true, attributeFilter: ["data-drawn"] });

  addEventListener(
    "message",
    (e) => {
      if (!e.data || e.data.type !== "streamlit:render") return;
      observe();
      note("render");
    },
    true
  );

  if (window !== top) return;

  for (const kind of ["pointerdown", "pointerup", "click", "keydown"])
    addEventListener(kind, (e) => note("input", { at: performance.timeOrigin + e.timeStamp, kind }), true);

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (e) =>
        note("message", { bytes: e.data.byteLength ?? e.data.size ?? e.data.length })
      );
    }
    send(data) {
      note("send");
      super.send(data);
    }
  };

  // deck.gl draws into WebGL: its map is drawn when the first draw call after the upload of the points has come out.
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const gl = getContext.call(this, kind, ...rest);
    if (kind === "webgl2" && gl && !gl.__watched) watch(gl);
    return gl;
  };
  function watch(gl) {
    gl.__watched = true;
    let uploaded = 0, pending = false;
    for (const name of ["bufferData", "bufferSubData"]) {
      const call = gl[name];
      gl[name] = function (...args) {
        const content = args.find((a) => a && a.byteLength !== undefined);
        if (content) uploaded += content.byteLength;
        return call.apply(gl, args);
      };
    }
    for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
      const call = gl[name];
      gl[name] = function (...args) {
        const done = call.apply(gl, args);
        if (book.needs && uploaded >= book.needs && !pending) {
          pending = true;
          note("marked");
          setTimeout(() => {
            gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits for the drawing
            uploaded = 0;
            pending = false;
            note("drawn");
          }, 0);
        }
        return done;
      };
    }
  }

  new PerformanceObserver((list) => {
    for (const e of list.getEntries())
      book.longest.push({ at: performance.timeOrigin + e.startTime, ms: e.duration, name: e.name });
  }).observe({ type: "longtask", buffered: true });

  const everyFrame = () => {
    const found = [];
    const walk = (w) => {
      found.push(w);
      for (let i = 0; i < w.frames.length; i++) {
        try {
          if (w.frames[i].performance) walk(w.frames[i]);
        } catch { /* a frame of another origin */ }
      }
    };
    walk(top);
    return found;
  };

  Object.assign(book, {
    /* Forget what was noted; `needs` is how many bytes of points a WebGL map uploads at least. */
    begin(needs) {
      book.events.length = book.longest.length = 0;
      book.needs = needs || 0;
      book.from = now();
    },
    /* True when a map has been drawn since `begin`, false after `limit` ms. */
    drawn(limit) {
      if (book.events.some((e) => e.what === "drawn")) return true;
      return new Promise((done) => {
        book.waiting.push(() => done(true));
        setTimeout(() => done(false), limit);
      });
    },
    /* Files fetched since `begin`, with the bytes that came over the wire and in the file. */
    files(since) {
      return everyFrame().flatMap((w) =>
        w.performance.getEntriesByType("resource").map((e) => ({
          name: e.name.replace(/^https?:\/\/[^/]+/, ""), at: w.performance.timeOrigin + e.startTime,
          end: w.performance.timeOrigin + e.responseEnd, wire: e.transferSize, bytes: e.encodedBodySize,
        }))
      ).filter((f) => f.at >= since);
    },
    /* Start counting animation frames. */
    roll() {
      const deltas = [];
      let last = 0;
      book.frames = deltas;
      book.longest.length = 0;
      const tick = (at) => {
        if (book.frames !== deltas) return;
        if (last) deltas.push(at - last);
        last = at;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    },
    /* Stop, and give the gaps between frames and the long tasks meanwhile. */
    cut() {
      const deltas = book.frames || [];
      book.frames = null;
      return { deltas, longest: book.longest.map((t) => t.ms) };
    },
  });
})();
