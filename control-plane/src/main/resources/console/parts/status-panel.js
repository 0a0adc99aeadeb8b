// The panel "Status Codes": what clients got, as a graph or a list, over the last minutes or hours; and how fast.
import { classOf, milliseconds, number, percent, sum } from "../format.js";
import { download, useStatus, WINDOWS } from "../status-record.js";
import { html, reactive } from "../ui.js";
import { Chart } from "./chart.js";
import { NotLoaded } from "./faults.js";
import { Choice, Code, Figure, Loading } from "./small.js";

const UTC = "sluice.utc";
const CLASS_WORDS = { 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx", 1: "other" };

function byClass(codes) {
  const classes = {};
  Object.entries(codes).forEach(([code, n]) => (classes[classOf(code)] = (classes[classOf(code)] ?? 0) + n));
  return classes;
}

const Legend = {
  props: { codes: Object },
  setup: (properties) => () => {
    const classes = byClass(properties.codes);
    return html`
      <ul class="legend">
        ${[2, 3, 4, 5, 1]
          .filter((of) => of !== 1 || classes[of])
          .map((of) => html`
            <li class=${classes[of] ? "" : "muted"}>
              <span class=${`swatch c${of}xx`}></span>${CLASS_WORDS[of]} <b>${number(classes[of] ?? 0)}</b>
            </li>
          `)}
      </ul>
    `;
  },
};

const List = {
  props: { codes: Object },
  setup: (properties) => () => {
    const all = sum(properties.codes);
    const entries = Object.entries(properties.codes);
    return html`
      <table class="status-list">
        <thead>
          <tr><th scope="col">Status Code</th><th scope="col">Count</th></tr>
        </thead>
        <tbody>
          ${entries.map(
            ([code, n]) => html`<tr key=${code}><td><${Code} code=${code} /></td><td>${number(n)} (${percent(n, all)})</td></tr>`,
          )}
          ${entries.length === 0 && html`<tr><td colspan="2" class="muted">No requests in this time.</td></tr>`}
        </tbody>
      </table>
    `;
  },
};

export const StatusPanel = {
  props: { source: Object, name: String },
  setup(properties) {
    const view = reactive({ window: "5m", utc: localStorage.getItem(UTC) === "yes", as: "graph" });
    const load = useStatus(properties.source, () => view.window);

    function chooseUtc(event) {
      view.utc = event.target.checked;
      localStorage.setItem(UTC, view.utc ? "yes" : "no");
    }

    function body(status) {
      const words = WINDOWS[status.window].words;
      const label = `${number(status.total)} requests in the last ${words}: ${Object.entries(status.codes)
        .map(([code, n]) => `${code} ${n} times`)
        .join(", ")}`;
      return html`
        <div class="status-head">
          <p class="headline" data-testid="headline">
            <b>${number(status.total)}</b> <span>in the last ${words}</span>
          </p>
          <${Legend} codes=${status.codes} />
          <dl class="figures latency" aria-label="Latency">
            ${["p50", "p90", "p99"].map((p) => html`<${Figure} label=${p} value=${milliseconds(status.latency?.[p])} />`)}
          </dl>
        </div>
        ${view.as === "graph"
          ? html`<${Chart} status=${status} utc=${view.utc} label=${label} />`
          : html`<${List} codes=${status.codes} />`}
      `;
    }

    return () => html`
      <section class="panel status-panel" aria-labelledby="status-title">
        <header>
          <h2 id="status-title">Status Codes</h2>
          <div class="tools">
            <${Choice}
              label="Time"
              choices=${Object.keys(WINDOWS).map((name) => [name, name])}
              value=${view.window}
              onChoose=${(name) => (view.window = name)}
            />
            <${Choice}
              label="Show as"
              choices=${[["graph", "Graph"], ["list", "List"]]}
              value=${view.as}
              onChoose=${(as) => (view.as = as)}
            />
            <sl-switch size="small" checked=${view.utc} onSl-change=${chooseUtc}>UTC</sl-switch>
            <sl-button
              size="small"
              onClick=${() => download(properties.source.path, view.window, `${properties.name}-${view.window}.csv`)}
            >
              <sl-icon slot="prefix" name="download"></sl-icon>Export
            </sl-button>
          </div>
        </header>
        <${NotLoaded} load=${load} what="The status record" />
        ${load.data ? body(load.data) : !load.problem && html`<${Loading} />`}
      </section>
    `;
  },
};
