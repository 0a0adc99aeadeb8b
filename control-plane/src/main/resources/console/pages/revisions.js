// A runtime group's history: what changed, by whom, when; and the way back.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { go, link } from "../router.js";
import { html, reactive } from "../ui.js";
import { NotLoaded } from "../parts/faults.js";
import { GroupChoice } from "../parts/group-choice.js";
import { Pager, usePages } from "../parts/pager.js";
import { Restore } from "../parts/restore.js";
import { Ago, Loading } from "../parts/small.js";

const PAGE_SIZE = 25;
const EVERY_MS = 5000;

export const RevisionsPage = {
  props: { group: { type: String, default: "default" } },
  setup(properties) {
    const { group } = properties;
    const view = reactive({ restoring: null });
    const pages = usePages();
    const load = useLoad(
      async () => {
        const [revisions, found] = await Promise.all([
          api.get(path`/runtime-groups/${group}/revisions`, { size: PAGE_SIZE, after: pages.after() }),
          api.get(path`/runtime-groups/${group}`),
        ]);
        return { ...revisions, head: found.head.revision };
      },
      { key: () => pages.after(), every: EVERY_MS, keep: true },
    );

    function restored() {
      view.restoring = null;
      pages.first();
      load.reload();
    }

    const row = (revision, head) => html`
      <tr key=${revision.number} class="clickable" onClick=${(event) => !event.target.closest("a, sl-button") && go("revisions", group, revision.number)}>
        <td class="right first"><a class="strong" href=${link("revisions", group, revision.number)}>${revision.number}</a></td>
        <td data-label="Change">${revision.summary}${revision.restored_from && html` <span class="muted">(content of ${revision.restored_from})</span>`}</td>
        <td data-label="Author">${revision.author}</td>
        <td class="nowrap" data-label="When"><${Ago} at=${revision.created_at} /></td>
        <td class="right row-actions">
          ${revision.number === head
            ? html`<span class="state good">newest</span>`
            : html`<sl-button size="small" onClick=${() => (view.restoring = revision.number)}>Restore</sl-button>`}
        </td>
      </tr>
    `;

    const table = ({ data, head, next }) => html`
      <div class="table-wrap panel">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col" class="right">Revision</th>
              <th scope="col">Change</th>
              <th scope="col">Author</th>
              <th scope="col">When</th>
              <th scope="col"><span class="unseen">Restore</span></th>
            </tr>
          </thead>
          <tbody>${data.map((revision) => row(revision, head))}</tbody>
        </table>
      </div>
      <${Pager} pages=${pages} next=${next} />
    `;

    return () => html`
      <header class="page-head">
        <div><h1>Revisions</h1><p class="meta muted">Every change of what the runtimes of group ${group} serve is a revision.</p></div>
        <div class="tools"><${GroupChoice} section="revisions" group=${group} /></div>
      </header>
      <${NotLoaded} load=${load} what="The history" />
      ${load.data
        ? load.data.data.length === 0
          ? html`<div class="empty"><sl-icon name="clock-history" aria-hidden="true"></sl-icon><p class="strong">Nothing has been changed yet</p></div>`
          : table(load.data)
        : !load.problem && html`<${Loading} />`}
      ${view.restoring &&
      html`<${Restore} group=${group} number=${view.restoring} onClose=${() => (view.restoring = null)} onDone=${restored} />`}
    `;
  },
};
