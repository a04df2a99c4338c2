/** Small charts as SVG. Every figure also stands beside them as text: they are pictures of it, and hidden from readers. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 56;

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function picture(height, ...children) {
  return draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false", class: "chart" },
    ...children,
  );
}

/**
 * Draw a line of values in time, the latest at the right.
 *
 * @param values Numbers; `null` is a gap.
 * @param slots For how many values there is room.
 * @param most The top of the scale; where it is left out, the largest value's.
 */
export function lineChart(values, slots, most = 0) {
  const top = Math.max(most, ...values.map((value) => value ?? 0), 1e-9);
  const step = WIDTH / (slots - 1);
  const first = slots - values.length;
  const point = (value, i) => [(first + i) * step, HEIGHT - 3 - (value / top) * (HEIGHT - 8)];
  const runs = [];
  let run = [];
  values.forEach((value, i) => {
    if (value === null) {
      if (run.length) runs.push(run);
      run = [];
    } else {
      run.push(point(value, i));
    }
  });
  if (run.length) runs.push(run);
  const lines = runs.flatMap((points) => {
    const path = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(" L");
    const [start, end] = [points[0][0].toFixed(1), points.at(-1)[0].toFixed(1)];
    return [
      draw("path", { class: "chart-area", d: `M${start} ${HEIGHT} L${path} L${end} ${HEIGHT} Z` }),
      draw("path", { class: "chart-line", d: `M${path}`, "vector-effect": "non-scaling-stroke" }),
    ];
  });
  const floor = draw("path", { class: "chart-floor", d: `M0 ${HEIGHT - 0.5} H${WIDTH}`, "vector-effect": "non-scaling-stroke" });
  return picture(HEIGHT, floor, ...lines);
}

/** Draw two values of one thing as a bar: the usual one in full, the rare one behind it. */
export function rangeBar(usual, rare, most) {
  const wide = (value) => Math.max(1.5, (value / Math.max(most, 1e-9)) * WIDTH);
  return picture(
    10,
    draw("rect", { class: "bar-rare", x: 0, y: 1, height: 8, width: wide(rare) }),
    draw("rect", { class: "bar-usual", x: 0, y: 1, height: 8, width: wide(usual) }),
  );
}
