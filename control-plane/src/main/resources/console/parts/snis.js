// Which certificate clients are shown by the server name that they ask for in their TLS handshake.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "./actions.js";
import { Confirm } from "./confirm.js";
import { Dialog } from "./dialog.js";
import { Faults, NotLoaded } from "./faults.js";
import { SelectField, tags, TextField, useForm } from "./form.js";
import { Loading } from "./small.js";

const FIELDS = ["name", "certificate", "tags"];
const label = (certificate) => certificate.name ?? certificate.details.subject;

/** sni: null for a new one. An SNI lies in the runtime group of its certificate. */
const SniDialog = {
  props: { sni: Object, certificates: Array, onClose: Function, onDone: Function },
  setup(properties) {
    const { sni, certificates } = properties;
    const form = useForm({
      name: sni?.name ?? "",
      certificate: sni?.certificate ?? certificates[0]?.id ?? "",
      tags: sni?.tags.join(", ") ?? "",
    });
    const choices = certificates.filter(({ runtime_group }) => sni === null || runtime_group === sni.runtime_group);
    const several = new Set(choices.map(({ runtime_group }) => runtime_group)).size > 1;

    async function save(event) {
      event.preventDefault();
      const { name, certificate } = form.values;
      const body = { name: name.trim(), certificate, tags: tags(form.values.tags) };
      const group = certificates.find(({ id }) => id === certificate)?.runtime_group;
      const send = () =>
        sni === null ? api.post("/v1/snis", { ...body, ...(group ? { runtime_group: group } : {}) }) : api.patch(`/v1/snis/${sni.id}`, body);
      if (await form.submit(send)) {
        tell(sni === null ? "SNI added" : "SNI saved");
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label=${sni === null ? "Add SNI" : `Edit SNI ${sni.name}`} busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField}
            form=${form}
            name="name"
            label="Server Name"
            placeholder="api.example.com"
            help="A * may stand for the leftmost or rightmost label. A * alone is the default, for any other name and for none."
            autofocus
          />
          <${SelectField}
            form=${form}
            name="certificate"
            label="Certificate"
            options=${choices.map((one) => [one.id, several ? `${label(one)} (${one.runtime_group})` : label(one)])}
          />
          <${TextField} form=${form} name="tags" label="Tags" placeholder="public, eu" />
          <${Faults} problem=${form.problem} fields=${FIELDS} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>${sni === null ? "Create" : "Save"}</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

/** changes: a number that is another one when certificates or SNIs are. */
export const Snis = {
  props: { changes: Number, onChanged: Function },
  setup(properties) {
    const view = reactive({ dialog: null, sni: null });
    const load = useLoad(
      async () => {
        const [snis, certificates] = await Promise.all([api.all(path`/snis`), api.all(path`/certificates`)]);
        return { snis, certificates };
      },
      { key: () => properties.changes, keep: true },
    );
    const close = () => (view.dialog = null);
    const open = (dialog, sni) => Object.assign(view, { dialog, sni });

    function done() {
      close();
      properties.onChanged();
    }

    /** The certificates of the moment: some may have been added on the same page. */
    async function edit(sni) {
      await load.reload();
      open("edit", sni);
    }

    async function remove() {
      await api.delete(`/v1/snis/${view.sni.id}`);
      tell("SNI deleted");
      done();
    }

    const certificateOf = (sni) => load.data.certificates.find(({ id }) => id === sni.certificate);

    const row = (sni) => html`
      <tr key=${sni.id}>
        <td>
          <div class="strong">${sni.name}</div>
          ${sni.name === "*" && html`<div class="muted small">the default</div>`}
          ${sni.warnings.map((warning) => html`<div class="refusal small">${warning}</div>`)}
        </td>
        <td data-label="Certificate" class="clip">${certificateOf(sni) ? label(certificateOf(sni)) : sni.certificate}</td>
        <td data-label="Runtime group">${sni.runtime_group}</td>
        <td class="right row-actions">
          <${Actions}
            small
            label=${`Actions for SNI ${sni.name}`}
            items=${[
              ["Edit", () => edit(sni)],
              ["Delete", () => open("delete", sni), "danger"],
            ]}
          />
        </td>
      </tr>
    `;

    const table = (snis) => html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Server name</th>
              <th scope="col">Certificate</th>
              <th scope="col">Runtime group</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>${snis.map(row)}</tbody>
        </table>
      </div>
    `;

    return () => html`
      <section class="panel" aria-label="SNIs">
        <header>
          <h2>SNIs</h2>
          <span class="muted">which certificate clients are shown by the server name that they ask for</span>
          <div class="tools">
            <sl-button size="small" onClick=${() => edit(null)}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add SNI</sl-button>
          </div>
        </header>
        <${NotLoaded} load=${load} what="SNIs" />
        ${load.data
          ? load.data.snis.length === 0
            ? html`<p class="muted pad">No SNIs yet: runtimes refuse TLS handshakes of clients.</p>`
            : table(load.data.snis)
          : !load.problem && html`<${Loading} />`}
      </section>
      ${view.dialog === "edit" && html`<${SniDialog} sni=${view.sni} certificates=${load.data?.certificates ?? []} onClose=${close} onDone=${done} />`}
      ${view.dialog === "delete" &&
      html`
        <${Confirm} label="Delete SNI" action="Delete" run=${remove} onClose=${close}>
          <p>Delete <b>${view.sni.name}</b>? New connections that ask for it are shown what a wildcard or the default names, or are refused.</p>
        <//>
      `}
    `;
  },
};
