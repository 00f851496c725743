/* A table or a chart in place of the map. Methods of `AnttMap`; texts reach the page through `textContent` alone. */
(function () {
  "use strict";

  const { element } = window.AnttSheet;
  const SVG = "http://www.w3.org/2000/svg";

  const drawn = (tag, attributes, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  window.AnttExhibit = {
    /* Lies over the map while a view is shown by its numbers. */
    _exhibit(s) {
      const size = this.map.getSize();
      this._once("exhibit", [s.exhibit, s.theme.name, this.type, size.x, size.y], () => {
        if (!this.board) {
          this.board = element("div", "antt-board");
          L.DomEvent.disableClickPropagation(this.board);
          L.DomEvent.disableScrollPropagation(this.board);
          this.map.getContainer().append(this.board);
        }
        this.board.hidden = !s.exhibit;
        if (!s.exhibit) return this.board.replaceChildren();
        const made = s.exhibit.columns ? this._tableOf(s) : this._chartOf(s, size);
        this.board.replaceChildren(...made);
      });
    },

    _tableOf(s) {
      const { columns, rows, few, note } = s.exhibit;
      const projector = s.theme.name !== "light";
      const table = element("table"), head = element("tr"), body = element("tbody");
      for (const [label, numeric] of columns) {
        const cell = element("th", numeric ? "n" : "", label);
        cell.scope = "col";
        head.append(cell);
      }
      for (const texts of projector ? rows.slice(0, few) : rows) {
        const row = element("tr");
        texts.forEach((text, i) => row.append(element("td", columns[i][1] ? "n" : "", text)));
        body.append(row);
      }
      const top = element("thead");
      top.append(head);
      table.append(top, body);
      return projector && note ? [table, element("p", "", note)] : [table];
    },

    _chartOf(s, size) {
      const chart = s.exhibit;
      const px = s.theme.name === "light" ? 14 : 26 * this.type;
      const width = size.x - px * 2, height = size.y - px * 5;
      const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": chart.title });
      svg.style.fontSize = `${px}px`;
      if (chart.items) this._bars(svg, chart, width, height, px);
      else this._series(svg, chart, width, height, px, s.theme);
      return [element("h2", "", chart.title), ...(chart.note ? [element("p", "", chart.note)] : []), svg];
    },

    _textWidth(text, px) {
      const ctx = (this._measure ||= document.createElement("canvas").getContext("2d"));
      ctx.font = `600 ${px}px "Be Vietnam Pro"`;
      return ctx.measureText(text).width;
    },

    _bars(svg, chart, width, height, px) {
      const items = chart.items;
      const step = Math.min(height / items.length, px * 4);
      const left = Math.max(...items.map((bar) => this._textWidth(bar.name, px))) + px;
      const room = width - left - Math.max(...items.map((bar) => this._textWidth(bar.text, px))) - px;
      const top = Math.max(...items.map((bar) => bar.value)) || 1;
      items.forEach((bar, i) => {
        const long = Math.max(1, (Math.max(0, bar.value) / top) * room), y = i * step, middle = y + step / 2 + px * 0.35;
        svg.append(
          drawn("text", { x: left - px * 0.6, y: middle, "text-anchor": "end" }, bar.name),
          drawn("rect", { x: left, y: y + step * 0.2, width: long, height: step * 0.6, fill: chart.color }),
          drawn("text", { x: left + long + px * 0.4, y: middle, "font-weight": 600 }, bar.text)
        );
      });
    },

    _series(svg, chart, width, height, px, theme) {
      const plan = chart.plan ?? [];
      const known = [...chart.counts, ...chart.high, ...plan, ...chart.ticks.map(([value]) => value)].filter((v) => v !== null);
      const top = (Math.max(0, ...known) || 1) * 1.05;
      const left = Math.max(...chart.ticks.map(([, text]) => this._textWidth(text, px)), 0) + px;
      const foot = height - px * 2, n = chart.counts.length;
      const x = (i) => left + ((width - left - px) * i) / Math.max(1, n - 1);
      const y = (v) => foot - (v / top) * (foot - px);
      for (const [value, text] of chart.ticks)
        svg.append(
          drawn("line", { x1: left, x2: width, y1: y(value), y2: y(value), stroke: theme.line }),
          drawn("text", { x: left - px * 0.5, y: y(value) + px * 0.35, "text-anchor": "end" }, text)
        );
      for (const [i, text] of chart.marks) svg.append(drawn("text", { x: x(i), y: foot + px * 1.4, "text-anchor": "middle" }, text));
      const places = [...chart.counts.keys()];
      for (const run of this._stretches(places.filter((i) => chart.low[i] !== null && chart.high[i] !== null))) {
        const edge = [...run.map((i) => [i, chart.high[i]]), ...run.reverse().map((i) => [i, chart.low[i]])];
        svg.append(drawn("path", { d: `M${edge.map(([i, v]) => `${x(i)},${y(v)}`).join("L")}Z`, fill: "#0f766e", opacity: 0.28 }));
      }
      for (const run of this._stretches([...plan.keys()].filter((i) => plan[i] !== null))) {
        const d = `M${run.map((i) => `${x(i)},${y(plan[i])}`).join("L")}`;
        svg.append(drawn("path", { d, fill: "none", stroke: "#b8420a", "stroke-width": px / 11 }));
      }
      for (const run of this._stretches(places.filter((i) => chart.counts[i] !== null))) {
        const d = `M${run.map((i) => `${x(i)},${y(chart.counts[i])}`).join("L")}`;
        svg.append(drawn("path", { d, fill: "none", stroke: theme.text, "stroke-width": px / 9 }));
      }
      for (const i of places) {
        const value = chart.counts[i];
        if (value !== null && chart.low[i] !== null && (value < chart.low[i] || value > chart.high[i]))
          svg.append(drawn("circle", { cx: x(i), cy: y(value), r: px / 3, fill: "#d9601a" }));
      }
    },

    /* Places that follow each other. */
    _stretches(places) {
      const runs = [];
      for (const i of places) {
        const last = runs[runs.length - 1];
        if (last && last[last.length - 1] === i - 1) last.push(i);
        else runs.push([i]);
      }
      return runs;
    },
  };
})();
