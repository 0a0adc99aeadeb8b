// Restoring a revision: shows what it will change, and does it when that is confirmed.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html } from "../ui.js";
import { ChangeList } from "./changes.js";
import { Confirm } from "./confirm.js";
import { NotLoaded } from "./faults.js";
import { Loading } from "./small.js";

export const Restore = {
  props: { group: String, number: Number, onClose: Function, onDone: Function },
  setup(properties) {
    const { group, number } = properties;
    const load = useLoad(() => api.get(path`/runtime-groups/${group}/revisions/head/diff`, { to: number }));

    async function restore() {
      const made = await api.post(path`/runtime-groups/${group}/revisions/${number}/restore`);
      tell(`Revision ${number} restored, as revision ${made.number}`);
      properties.onDone(made);
    }

    return () => html`
      <${Confirm} label=${`Restore revision ${number}`} action="Restore" harmless run=${restore} onClose=${properties.onClose}>
        <p>Its content becomes the newest revision, and every runtime of group <b>${group}</b> serves it. This will change:</p>
        <${NotLoaded} load=${load} what="The difference" />
        ${load.data
          ? load.data.changes.length === 0
            ? html`<p class="muted">Nothing: it is what is served now.</p>`
            : html`<${ChangeList} changes=${load.data.changes} />`
          : !load.problem && html`<${Loading} />`}
      <//>
    `;
  },
};
