// A new runtime joins with a token; the API makes it, with the command that uses it.
import { api, path } from "../api.js";
import { html, reactive } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { SelectField, TextField, useForm } from "./form.js";
import { Command } from "./secret.js";

const LIVES = [["3600", "1 hour"], ["86400", "1 day"], ["2592000", "30 days"], ["31536000", "1 year"]];
const USES = [["1", "one runtime"], ["-", "any number of runtimes"]];

export const AddRuntime = {
  props: { group: String, onClose: Function, onMade: Function },
  setup(properties) {
    const form = useForm({ name: "", expires_in: "86400", uses: "1" });
    const view = reactive({ made: null });

    async function create(event) {
      event.preventDefault();
      const { name, expires_in, uses } = form.values;
      const body = { name: name.trim() || null, expires_in: Number(expires_in), uses: uses === "-" ? null : Number(uses) };
      await form.submit(async () => {
        view.made = await api.post(path`/runtime-groups/${properties.group}/tokens`, body);
        properties.onMade();
      });
    }

    const ask = () => html`
      <form class="stack" onSubmit=${create}>
        <p class="muted">A runtime joins group <b>${properties.group}</b> with a token. This makes one, and the command that starts the runtime with it.</p>
        <div class="pair-of-fields">
          <${SelectField} form=${form} name="uses" label="Lets in" options=${USES} />
          <${SelectField} form=${form} name="expires_in" label="Valid for" options=${LIVES} />
        </div>
        <${TextField} form=${form} name="name" label="Name of the token" placeholder="autoscaling" help="Optional: what it is for." />
        <${Faults} problem=${form.problem} fields=${["name", "expires_in", "uses"]} />
        <div class="dialog-actions">
          <sl-button onClick=${properties.onClose}>Cancel</sl-button>
          <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
        </div>
      </form>
    `;

    const show = ({ command, token }) => html`
      <div class="stack">
        <p>Run this where the new runtime is to be. It holds the token, which is shown this once.</p>
        <${Command} label="Command" text=${command} />
        <p class="muted">Only the token, for another way to start it:</p>
        <${Command} label="Token" text=${token} />
        <p class="muted">The runtime shows in the list within a second of its start, and serves the newest revision at once.</p>
        <div class="dialog-actions"><sl-button variant="primary" onClick=${properties.onClose}>Done</sl-button></div>
      </div>
    `;

    return () => html`
      <${Dialog} label="Add Runtime" wide busy=${form.busy} onClose=${properties.onClose}>
        ${view.made ? show(view.made) : ask()}
      <//>
    `;
  },
};
