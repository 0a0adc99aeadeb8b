// What changed, thing by thing and field by field: before and after.
import { html } from "../ui.js";

/** Fields that say who and when rather than what. */
const BESIDE = new Set(["id", "revision", "created_at", "updated_at"]);
const VERBS = { created: "added", updated: "changed", deleted: "removed" };

function text(value) {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    return "–";
  }
  return typeof value === "string" ? value : Array.isArray(value) && value.every((one) => typeof one !== "object") ? value.join(", ") : JSON.stringify(value);
}

function fields({ before, after }) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .filter((name) => !BESIDE.has(name))
    .map((name) => [name, text(before?.[name]), text(after?.[name])])
    .filter(([, was, is]) => was !== is);
}

const Change = {
  props: { change: Object },
  setup: (properties) => () => {
    const { change } = properties;
    const rows = fields(change);
    return html`
      <section class=${`change ${change.change}`}>
        <h3>
          <span class="verb">${VERBS[change.change] ?? change.change}</span> ${change.kind} <b>${change.name ?? change.id.slice(0, 8)}</b>
        </h3>
        <div class="table-wrap">
          <table class="diff">
            <thead>
              <tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr>
            </thead>
            <tbody>
              ${rows.map(
                ([name, was, is]) => html`
                  <tr key=${name}>
                    <th scope="row">${name}</th>
                    <td class="before">${was === "–" ? html`<span class="muted">–</span>` : html`<del>${was}</del>`}</td>
                    <td class="after">${is === "–" ? html`<span class="muted">–</span>` : html`<ins>${is}</ins>`}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </section>
    `;
  },
};

export const ChangeList = {
  props: { changes: Array },
  setup: (properties) => () => html`
    <div class="changes">${properties.changes.map((change) => html`<${Change} key=${change.kind + change.id} change=${change} />`)}</div>
  `,
};
