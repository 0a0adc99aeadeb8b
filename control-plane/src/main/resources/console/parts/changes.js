// What changed, thing by thing and field by field: before and after; of what was added or removed, what it held.
import { html } from "../ui.js";

/** Fields that say who and when rather than what. */
const BESIDE = new Set(["id", "version_id", "revision", "created_at", "updated_at"]);
const VERBS = { created: "added", updated: "changed", deleted: "removed" };
const NONE = "–";

function isEmpty(value) {
  return value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function text(value) {
  if (isEmpty(value)) {
    return NONE;
  }
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return value.join(", ");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** [name, before, after] of each field that differs. */
function fields({ before, after }) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .filter((name) => !BESIDE.has(name))
    .map((name) => [name, text(before?.[name]), text(after?.[name])])
    .filter(([, was, is]) => was !== is);
}

/** Its name; what has none is known by where it leads, or by its id. */
export function title({ name, id, before, after }) {
  const { protocol, host, port, path, id: ownId } = after ?? before ?? {};
  return name ?? (host ? `${protocol}://${host}:${port}${path ?? ""}` : (ownId ?? id ?? "").slice(0, 16));
}

const was = (value) => (value === NONE ? html`<span class="muted">${NONE}</span>` : html`<del>${value}</del>`);
const is = (value) => (value === NONE ? html`<span class="muted">${NONE}</span>` : html`<ins>${value}</ins>`);

const Change = {
  props: { change: Object },
  setup: (properties) => () => {
    const { change } = properties;
    const kind = change.kind.replaceAll("_", " ");
    const rows = fields(change);
    const both = change.before && change.after;
    return html`
      <section class=${`change ${change.change}`}>
        <h3><span class="verb">${VERBS[change.change] ?? change.change}</span> ${kind} <b>${title(change)}</b></h3>
        <div class="table-wrap" tabindex="0" role="region" aria-label=${`${kind} ${title(change)}`}>
          <table class="diff">
            <thead>
              <tr>
                <th scope="col">Field</th>
                ${both ? html`<th scope="col">Before</th><th scope="col">After</th>` : html`<th scope="col">${change.after ? "Value" : "Was"}</th>`}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ([name, old, young]) => html`
                  <tr key=${name}>
                    <th scope="row">${name}</th>
                    ${(both || !change.after) && html`<td>${was(old)}</td>`} ${(both || change.after) && html`<td>${is(young)}</td>`}
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
