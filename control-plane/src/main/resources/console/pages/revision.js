// One revision: what it changed.
import { api, path } from "../api.js";
import { moment, plural } from "../format.js";
import { useLoad } from "../load.js";
import { go } from "../router.js";
import { html, reactive } from "../ui.js";
import { ChangeList } from "../parts/changes.js";
import { NotLoaded } from "../parts/faults.js";
import { Restore } from "../parts/restore.js";
import { Breadcrumb, Loading } from "../parts/small.js";

export const RevisionPage = {
  props: { group: String, number: String },
  setup(properties) {
    const { group, number } = properties;
    const view = reactive({ restoring: false });
    const load = useLoad(async () => {
      const [revision, found] = await Promise.all([
        api.get(path`/runtime-groups/${group}/revisions/${number}`),
        api.get(path`/runtime-groups/${group}`),
      ]);
      return { revision, head: found.head.revision };
    });

    const page = ({ revision, head }) => html`
      <header class="page-head">
        <div>
          <h1>Revision ${revision.number}</h1>
          <p class="lead">${revision.summary}</p>
          <p class="meta muted">By ${revision.author}, ${moment(revision.created_at)}</p>
        </div>
        <div class="tools">
          ${revision.number === head
            ? html`<span class="state good">newest</span>`
            : html`<sl-button onClick=${() => (view.restoring = true)}>Restore</sl-button>`}
        </div>
      </header>
      <section class="panel" aria-labelledby="changes">
        <header>
          <h2 id="changes">Changes</h2>
          <span class="muted">${revision.changes.length === 0 ? "nothing" : plural(revision.changes.length, "change")}</span>
        </header>
        <div class="pad"><${ChangeList} changes=${revision.changes} /></div>
      </section>
      ${view.restoring &&
      html`<${Restore}
        group=${group}
        number=${revision.number}
        onClose=${() => (view.restoring = false)}
        onDone=${(made) => go("revisions", group, made.number)}
      />`}
    `;

    return () => html`
      <${Breadcrumb} crumbs=${[["Revisions", "revisions", group], [number]]} />
      <${NotLoaded} load=${load} what="This revision" />
      ${load.data ? page(load.data) : !load.problem && html`<${Loading} />`}
    `;
  },
};
