// SPDX-License-Identifier: Apache-2.0
// A small line plot over time, drawn anew with every update.

import { h, show, svg } from "./dom.js";
import { clock, fine } from "./format.js";

const HEIGHT = 150;
const LEFT = 38;
const BOTTOM = 20;

/** The least of 1, 2, 2.5, 5 times a power of ten that is not below the value. */
function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 2.5, 5, 10].find((step) => step * power >= value);
}

const told = (value) => (value === null ? "–" : fine(value));

/** The points between the gaps. */
function parts(points) {
  const all = [[]];
  for (const point of points) {
    if (point[1] === null) all.push([]);
    else all.at(-1).push(point);
  }
  return all.filter((part) => part.length > 0);
}

/** A figure titled `title`; `update(series)` takes `[{name, className, points: [[millis, value or null for a gap]…]}]`. */
export function plot(title, unit) {
  const now = h("span", { class: "now" });
  const place = h("div", {});
  const legend = h("div", { class: "legend" });
  const element = h("figure", { class: "card" }, h("figcaption", { class: "plot-head" }, h("h2", {}, title), now), place, legend);
  let drawn = [];
  let pointed = null;
  place.addEventListener("pointermove", (event) => {
    pointed = event.clientX - place.getBoundingClientRect().left;
    draw();
  });
  place.addEventListener("pointerleave", () => {
    pointed = null;
    draw();
  });
  const resized = new ResizeObserver(() => draw());
  resized.observe(place);

  function draw() {
    const width = Math.max(place.clientWidth, 120);
    const all = drawn.flatMap(({ points }) => points);
    const values = all.map(([, value]) => value ?? 0);
    const last = Math.max(...all.map(([at]) => at));
    const first = Math.min(...all.map(([at]) => at), last - 60_000);
    const top = ceiling(Math.max(...values));
    const x = (at) => LEFT + ((at - first) / (last - first)) * (width - LEFT - 4);
    const y = (value) => 6 + (1 - value / top) * (HEIGHT - BOTTOM - 6);
    const content = [];
    for (const share of [0, 0.5, 1]) {
      content.push(svg("line", { class: "grid", x1: LEFT, x2: width - 4, y1: y(top * share), y2: y(top * share) }));
      content.push(svg("text", { x: LEFT - 6, y: y(top * share) + 4, "text-anchor": "end" }, fine(top * share)));
    }
    if (all.length > 0) {
      content.push(svg("text", { x: LEFT, y: HEIGHT - 4 }, clock(first)), svg("text", { x: width - 4, y: HEIGHT - 4, "text-anchor": "end" }, clock(last)));
    }
    const at = pointed === null ? last : first + ((pointed - LEFT) / (width - LEFT - 4)) * (last - first);
    const shown = [];
    for (const { name, className, points } of drawn) {
      if (points.length === 0) continue;
      for (const part of parts(points)) {
        const line = part.map(([when, value]) => `${x(when).toFixed(1)},${y(value).toFixed(1)}`);
        if (drawn.length === 1) content.push(svg("polygon", { class: `area ${className}`, points: [`${x(part[0][0])},${y(0)}`, ...line, `${x(part.at(-1)[0])},${y(0)}`].join(" ") }));
        content.push(svg("polyline", { class: `series ${className}`, points: line.join(" ") }));
      }
      const nearest = points.reduce((best, point) => (Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best));
      if (nearest[1] !== null) content.push(svg("circle", { class: `dot ${className}`, cx: x(nearest[0]), cy: y(nearest[1]), r: 3 }));
      shown.push({ className, value: told(nearest[1]), text: `${name} ${told(nearest[1])}` });
    }
    now.textContent = shown.length === 1 ? `${shown[0].value} ${unit}` : unit;
    show(legend, shown.length > 1 && shown.map(({ className, text }) => h("span", { class: className }, text)));
    const label = `${title}, ${unit}: ${shown.map(({ text }) => text).join(", ")}`;
    show(place, svg("svg", { class: "plot", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label }, content));
  }

  return {
    element,
    update(series) {
      drawn = series;
      draw();
    },
    close: () => resized.disconnect(),
  };
}
