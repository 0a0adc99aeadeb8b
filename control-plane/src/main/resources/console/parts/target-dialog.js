// Add Target and Edit Target.
import { api, path } from "../api.js";
import { tell } from "../toasts.js";
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { tags, TextField, typedNumber, useForm } from "./form.js";

const FIELDS = ["target", "weight", "tags"];

export const TargetDialog = {
  props: { upstream: Object, target: Object, onClose: Function, onDone: Function },
  setup(properties) {
    const { upstream, target } = properties;
    const form = useForm({ target: target?.target ?? "", weight: target?.weight ?? 100, tags: (target?.tags ?? []).join(", ") });
    const title = target ? "Edit Target" : "Add Target";

    async function save(event) {
      event.preventDefault();
      const body = { target: form.values.target.trim(), weight: typedNumber(form.values.weight), tags: tags(form.values.tags) };
      const sent = await form.submit(() =>
        target
          ? api.patch(path`/upstreams/${upstream.id}/targets/${target.id}`, body)
          : api.post(path`/upstreams/${upstream.id}/targets`, body),
      );
      if (sent) {
        tell(target ? "Target saved" : "Target added");
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label=${title} busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField} form=${form} name="target" label="Address" placeholder="backend.internal:8080" help="Host and port; a name stands for all of its addresses." autofocus />
          <${TextField} form=${form} name="weight" label="Weight" type="number" help="Its share of the requests; 0 drains it." />
          <${TextField} form=${form} name="tags" label="Tags" placeholder="public, eu" />
          <${Faults} problem=${form.problem} fields=${FIELDS} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>${target ? "Save" : "Create"}</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};
