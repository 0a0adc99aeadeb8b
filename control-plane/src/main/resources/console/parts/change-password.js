// A user's own password; all other sessions of that user end.
import { api, path } from "../api.js";
import { tell } from "../toasts.js";
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { TextField, useForm } from "./form.js";

export const ChangePassword = {
  props: { onClose: Function },
  setup(properties) {
    const form = useForm({ password: "", new_password: "" });

    async function save(event) {
      event.preventDefault();
      if (await form.submit(() => api.put(path`/session/password`, { ...form.values }))) {
        tell("Password changed");
        properties.onClose();
      }
    }

    return () => html`
      <${Dialog} label="Change password" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField} form=${form} name="password" label="Present Password" type="password" autofocus />
          <${TextField} form=${form} name="new_password" label="New Password" type="password" help="12 characters or more." />
          <${Faults} problem=${form.problem} fields=${["password", "new_password"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Change</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};
