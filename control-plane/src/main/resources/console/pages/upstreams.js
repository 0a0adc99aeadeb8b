// All upstreams.
import { api } from "../api.js";
import { useLoad } from "../load.js";
import { go, link } from "../router.js";
import { html, reactive } from "../ui.js";
import { NotLoaded } from "../parts/faults.js";
import { Loading } from "../parts/small.js";
import { UpstreamDialog } from "../parts/upstream-dialog.js";

export const UpstreamsPage = {
  setup() {
    const view = reactive({ adding: false });
    const load = useLoad(() => api.all("/v1/upstreams"));
    const close = () => (view.adding = false);

    const table = (upstreams) => html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Algorithm</th>
              <th scope="col">Tags</th>
              <th scope="col">Runtime group</th>
            </tr>
          </thead>
          <tbody>
            ${upstreams.map(
              ({ id, name, algorithm, tags, runtime_group }) => html`
                <tr key=${id}>
                  <td><a class="strong" href=${link("upstreams", id)}>${name}</a></td>
                  <td data-label="Algorithm">${algorithm}</td>
                  <td data-label="Tags">${tags.length === 0 ? html`<span class="muted">none</span>` : tags.join(", ")}</td>
                  <td data-label="Runtime group">${runtime_group}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;

    return () => html`
      <header class="page-head">
        <div>
          <h1>Upstreams</h1>
          <p class="muted">Sets of targets that share requests. An implementation whose host is the name of one is served by it.</p>
        </div>
        <div class="tools">
          <sl-button variant="primary" onClick=${() => (view.adding = true)}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add Upstream</sl-button>
        </div>
      </header>
      <section class="panel" aria-label="Upstreams">
        <${NotLoaded} load=${load} what="Upstreams" />
        ${load.data
          ? load.data.length === 0
            ? html`<p class="muted pad">No upstreams yet: implementations call their hosts by themselves.</p>`
            : table(load.data)
          : !load.problem && html`<${Loading} />`}
      </section>
      ${view.adding && html`<${UpstreamDialog} onClose=${close} onDone=${({ id }) => go("upstreams", id)} />`}
    `;
  },
};
