// The routes of all versions, and the question which of them a request reaches.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { html } from "../ui.js";
import { NotLoaded } from "../parts/faults.js";
import { GroupChoice } from "../parts/group-choice.js";
import { Pager, usePages } from "../parts/pager.js";
import { RoutesTable } from "../parts/routes-table.js";
import { Loading } from "../parts/small.js";
import { Why } from "../parts/why.js";

const PAGE_SIZE = 25;

export const RoutesPage = {
  props: { group: { type: String, default: "default" } },
  setup(properties) {
    const pages = usePages();
    const load = useLoad(() => api.get(path`/routes`, { size: PAGE_SIZE, after: pages.after() }), {
      key: () => pages.after(),
      keep: true,
    });

    return () => html`
      <header class="page-head"><h1>Routes</h1></header>
      <section class="panel" aria-labelledby="why">
        <header>
          <h2 id="why">Why?</h2>
          <span class="muted">which route a request reaches, and why the others lose</span>
          <div class="tools"><${GroupChoice} section="routes" group=${properties.group} /></div>
        </header>
        <${Why} group=${properties.group} />
      </section>
      <section class="panel" aria-labelledby="all">
        <header><h2 id="all">All routes</h2></header>
        <${NotLoaded} load=${load} what="The list of routes" />
        ${load.data
          ? load.data.data.length === 0
            ? html`<p class="muted pad">No routes yet. They come with a version's implementation.</p>`
            : html`<${RoutesTable} routes=${load.data.data} withOwner onChanged=${load.reload} /><${Pager} pages=${pages} next=${load.data.next} />`
          : !load.problem && html`<${Loading} />`}
      </section>
    `;
  },
};
