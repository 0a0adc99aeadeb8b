// Requests over time, stacked by the class of their status code. Hovering lists the exact codes.
import uPlot from "../lib/uplot.js";
import { classOf, clock, number } from "../format.js";
import { theme } from "../theme.js";
import { html, onBeforeUnmount, onMounted, reactive, ref, watch } from "../ui.js";
import { Code } from "./small.js";

const HEIGHT = 236;
/** The lowest of the stack first. */
const CLASSES = [2, 3, 4, 5, 1];

/** For each class, from the top of the stack down, the sums up to it: drawn in this order, the lower covers the higher. */
function stacked(series) {
  const byPoint = series.map(({ codes }) => {
    const counts = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
    Object.entries(codes).forEach(([code, n]) => (counts[classOf(code)] += n));
    let height = 0;
    return CLASSES.map((of) => (height += counts[of]));
  });
  const columns = CLASSES.map((of, i) => byPoint.map((heights) => heights[i]));
  return [series.map(({ at }) => Date.parse(at) / 1000), ...columns.reverse()];
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(width, utc, step, hover) {
  const axis = { stroke: color("--muted"), font: "12px " + color("--sans"), ticks: { show: false } };
  const seconds = step < 60;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: true, range: (chart, min, max) => [min, max + step] }, y: { range: (chart, min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
    axes: [
      {
        ...axis,
        space: 80,
        size: 30,
        grid: { show: false },
        values: (chart, splits) => splits.map((at) => clock(at * 1000, utc, seconds && chart.width > 500)),
      },
      {
        ...axis,
        size: 52,
        space: 40,
        grid: { stroke: color("--line"), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
        values: (chart, splits) => splits.map((n) => (n >= 1e4 ? number(n / 1e3) + "k" : number(n))),
      },
    ],
    series: [
      {},
      ...CLASSES.slice()
        .reverse()
        .map((of) => ({
          fill: color(`--c${of}xx`),
          width: 0,
          points: { show: false },
          paths: uPlot.paths.bars({ size: [0.86, 48], align: 1 }),
        })),
    ],
    hooks: { setCursor: [(chart) => hover(chart)] },
  };
}

export const Chart = {
  props: { status: Object, utc: Boolean, label: String },
  setup(properties) {
    const place = ref(null);
    const pointed = reactive({ point: null, left: 0, atRight: false });
    let chart = null;

    function hover(of) {
      const point = of.cursor.idx === null ? null : (properties.status.series[of.cursor.idx] ?? null);
      pointed.point = point && Object.keys(point.codes).length > 0 ? point : null;
      const left = of.cursor.left + of.bbox.left / devicePixelRatio;
      pointed.atRight = left > of.width / 2;
      pointed.left = left;
    }

    function draw() {
      chart?.destroy();
      const { status, utc } = properties;
      chart = new uPlot(options(place.value.clientWidth, utc, status.step, hover), stacked(status.series), place.value);
    }

    const resized = new ResizeObserver(() => chart?.setSize({ width: place.value.clientWidth, height: HEIGHT }));
    onMounted(() => {
      draw();
      resized.observe(place.value);
    });
    onBeforeUnmount(() => {
      resized.disconnect();
      chart?.destroy();
    });
    watch([() => properties.utc, () => theme.dark, () => properties.status.step], draw);
    watch(
      () => properties.status,
      () => chart.setData(stacked(properties.status.series)),
    );

    return () => html`
      <div class="chart" role="img" aria-label=${properties.label}>
        <div ref=${place}></div>
        ${pointed.point &&
        html`
          <div class=${`chart-hint ${pointed.atRight ? "left" : ""}`} style=${{ left: pointed.left + "px" }}>
            <div class="muted">${clock(Date.parse(pointed.point.at), properties.utc)}</div>
            ${Object.entries(pointed.point.codes).map(
              ([code, n]) => html`<div class="row"><${Code} code=${code} /><b>${number(n)}</b></div>`,
            )}
          </div>
        `}
      </div>
    `;
  },
};
