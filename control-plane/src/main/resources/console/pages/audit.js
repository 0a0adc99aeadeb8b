// The audit trail: who wrote what, and who signed in or failed to.
import { api, path } from "../api.js";
import { moment } from "../format.js";
import { useLoad } from "../load.js";
import { html, reactive } from "../ui.js";
import { ChangeList, title } from "../parts/changes.js";
import { Dialog } from "../parts/dialog.js";
import { NotLoaded } from "../parts/faults.js";
import { Pager, usePages } from "../parts/pager.js";
import { Ago, Code, Loading } from "../parts/small.js";

const PAGE_SIZE = 50;
const TYPING_MS = 250;

function kindOfChange({ before, after }) {
  return !before ? "created" : !after ? "deleted" : "updated";
}

/** What a record tells as changes: the thing itself, and what else the same write changed. */
function changesOf(record) {
  const own = record.entity && (record.before || record.after) ? [{ ...record.entity, before: record.before, after: record.after }] : [];
  return [...own, ...record.also].map((change) => ({ ...change, id: change.id ?? change.name ?? "", change: kindOfChange(change) }));
}

/** createRoute → create route */
function words(operation) {
  return operation.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase());
}

function what({ entity, before, after }) {
  return entity && `${entity.kind.replaceAll("_", " ")} ${title({ ...entity, before, after })}`;
}

/** A runtime that joined is known by the token it showed. */
function who({ name, kind }) {
  return name && (kind === "join_token" ? `join token ${name}` : name);
}

const Details = {
  props: { record: Object, onClose: Function },
  setup: (properties) => () => {
    const { record } = properties;
    const changes = changesOf(record);
    return html`
      <${Dialog} label=${words(record.operation)} wide onClose=${properties.onClose}>
        <div class="stack">
          <dl class="facts flush">
            <div><dt>Who</dt><dd>${who(record.actor) ?? "nobody"} <span class="muted">(${record.actor.kind})</span></dd></div>
            <div><dt>When</dt><dd>${moment(record.at)}</dd></div>
            <div><dt>From</dt><dd>${record.address}</dd></div>
            <div><dt>Request</dt><dd><code>${record.method} ${record.path}</code></dd></div>
            <div><dt>Answer</dt><dd><${Code} code=${record.status} /></dd></div>
            <div><dt>Request id</dt><dd><code>${record.request_id}</code></dd></div>
          </dl>
          ${changes.length > 0 && html`<${ChangeList} changes=${changes} />`}
        </div>
      <//>
    `;
  },
};

export const AuditPage = {
  setup() {
    const view = reactive({ actor: "", entity: "", shown: null });
    const typed = reactive({ actor: "", entity: "" });
    const pages = usePages();
    let typing;
    const load = useLoad(
      () => api.get(path`/audit`, { size: PAGE_SIZE, after: pages.after(), actor: view.actor, entity: view.entity }),
      { key: () => [view.actor, view.entity, pages.after()].join(), keep: true },
    );

    function filter(name, event) {
      typed[name] = event.target.value;
      clearTimeout(typing);
      typing = setTimeout(() => {
        pages.first();
        Object.assign(view, { actor: typed.actor.trim(), entity: typed.entity.trim() });
      }, TYPING_MS);
    }

    const row = (record) => html`
      <tr key=${record.id} class="clickable" onClick=${(event) => !event.target.closest("button") && (view.shown = record)}>
        <td>
          <button type="button" class="as-link strong" onClick=${() => (view.shown = record)}>${words(record.operation)}</button>
        </td>
        <td data-label="What">${what(record) ?? html`<span class="muted">–</span>`}</td>
        <td data-label="Who">${who(record.actor) ?? html`<span class="muted">nobody</span>`}</td>
        <td data-label="From" class="muted">${record.address}</td>
        <td data-label="Answer"><${Code} code=${record.status} /></td>
        <td data-label="When" class="nowrap"><${Ago} at=${record.at} /></td>
      </tr>
    `;

    const input = (name, label) => html`
      <sl-input class="search bare" type="search" clearable label=${label} placeholder=${label} value=${typed[name]} onSl-input=${(event) => filter(name, event)}></sl-input>
    `;

    return () => html`
      <header class="page-head">
        <h1>Audit</h1>
        <div class="tools">${input("actor", "By whom")} ${input("entity", "About what")}</div>
      </header>
      <${NotLoaded} load=${load} what="The audit trail" />
      ${load.data
        ? load.data.data.length === 0
          ? html`<div class="empty"><sl-icon name="journal-text" aria-hidden="true"></sl-icon><p class="strong">Nothing of this kind has happened</p></div>`
          : html`
              <div class="table-wrap panel">
                <table class="rows">
                  <thead><tr><th scope="col">Operation</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">Answer</th><th scope="col">When</th></tr></thead>
                  <tbody>${load.data.data.map(row)}</tbody>
                </table>
              </div>
              <${Pager} pages=${pages} next=${load.data.next} />
            `
        : !load.problem && html`<${Loading} />`}
      ${view.shown && html`<${Details} record=${view.shown} onClose=${() => (view.shown = null)} />`}
    `;
  },
};
