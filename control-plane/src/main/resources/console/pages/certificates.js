// What runtimes show to clients and to upstreams, and which authorities they trust there.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { Configuration } from "../parts/configuration.js";
import { Confirm } from "../parts/confirm.js";
import { Dialog } from "../parts/dialog.js";
import { Faults, NotLoaded } from "../parts/faults.js";
import { SelectField, tags, TextArea, TextField, useForm, words } from "../parts/form.js";
import { Loading, State } from "../parts/small.js";
import { Snis } from "../parts/snis.js";

/** The two kinds, which differ by the private key alone. */
const OWN = {
  at: "/v1/certificates",
  title: "Certificates",
  one: "Certificate",
  about: "shown by runtimes to clients, by SNI, and to upstreams that ask who calls",
  none: "No certificates yet. An SNI names the one that clients are shown; an implementation can name one as its Client Certificate.",
  hasKey: true,
};
const AUTHORITIES = {
  at: "/v1/ca_certificates",
  title: "CA Certificates",
  one: "CA Certificate",
  about: "authorities that upstreams’ certificates may come from",
  none: "No CA certificates yet: upstreams are checked against the authorities of the platform.",
  hasKey: false,
};

const AddCertificate = {
  props: { kind: Object, onClose: Function, onDone: Function },
  setup(properties) {
    const { kind } = properties;
    const form = useForm({ name: "", runtime_group: "default", cert: "", key: "", snis: "", tags: "" });
    const groups = useLoad(() => api.all(path`/runtime-groups`));
    const fields = ["name", "runtime_group", "cert", "tags", ...(kind.hasKey ? ["key", "snis"] : [])];

    async function create(event) {
      event.preventDefault();
      const { name, runtime_group, cert, key, snis } = form.values;
      const own = kind.hasKey ? { key, snis: words(snis) } : {};
      const body = { name: name.trim() || null, runtime_group, cert, tags: tags(form.values.tags), ...own };
      if (await form.submit(() => api.post(kind.at, body))) {
        tell(`${kind.one} added`);
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label=${`Add ${kind.one}`} wide busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${create}>
          <${TextField} form=${form} name="name" label="Name" placeholder=${kind.hasKey ? "gateway" : "internal"} help="Unique within the runtime group." autofocus />
          ${groups.data?.length > 1 &&
          html`<${SelectField} form=${form} name="runtime_group" label="Runtime Group" options=${groups.data.map(({ name }) => [name, name])} />`}
          <${TextArea}
            form=${form}
            name="cert"
            label="Certificate"
            rows=${6}
            placeholder="-----BEGIN CERTIFICATE-----"
            help=${kind.hasKey ? "PEM: the certificate, then those that lead to its authority." : "PEM, one certificate of an authority."}
          />
          ${kind.hasKey &&
          html`<${TextArea} form=${form} name="key" label="Private Key" rows=${5} placeholder="-----BEGIN PRIVATE KEY-----" help="PEM, without passphrase. It is sealed before it is stored, and never shown." />
          <${TextField}
            form=${form}
            name="snis"
            label="SNIs"
            placeholder="api.example.com, *.example.com"
            help="Server names, between commas, for which clients are shown it from now on. None is needed for one that upstreams are shown."
          />`}
          <${TextField} form=${form} name="tags" label="Tags" placeholder="public, eu" />
          <${Faults} problem=${form.problem} fields=${fields} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

const day = (text) => new Date(text).toLocaleDateString("en-GB", { dateStyle: "medium" });
const shown = (certificate) => certificate.name ?? certificate.details.subject;

const Section = {
  props: { kind: Object, changes: Number, onChanged: Function },
  setup(properties) {
    const { kind } = properties;
    const view = reactive({ dialog: null, certificate: null });
    const load = useLoad(() => api.all(kind.at), { key: () => properties.changes, keep: true });
    const close = () => (view.dialog = null);
    const open = (dialog, certificate) => Object.assign(view, { dialog, certificate });

    function done() {
      close();
      properties.onChanged();
    }

    async function remove() {
      await api.delete(`${kind.at}/${view.certificate.id}`);
      tell(`${kind.one} deleted`);
      done();
    }

    const row = (certificate) => html`
      <tr key=${certificate.id}>
        <td>
          <div class="strong">${shown(certificate)}</div>
          <div class="muted small">${certificate.details.subject}</div>
        </td>
        <td data-label="Issuer" class="clip">${certificate.details.issuer}</td>
        <td data-label="Key">${certificate.details.key_type}</td>
        <td data-label="Valid until" class="nowrap">${day(certificate.details.not_after)}</td>
        <td data-label="State">
          ${certificate.warnings.length === 0
            ? html`<${State} kind="good">valid<//>`
            : certificate.warnings.map((warning) => html`<span class="refusal">${warning}</span>`)}
        </td>
        <td data-label="Runtime group">${certificate.runtime_group}</td>
        <td class="right row-actions">
          <${Actions}
            small
            label=${`Actions for ${kind.one} ${shown(certificate)}`}
            items=${[
              ["View", () => open("view", certificate)],
              ["Delete", () => open("delete", certificate), "danger"],
            ]}
          />
        </td>
      </tr>
    `;

    const table = (certificates) => html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Issuer</th>
              <th scope="col">Key</th>
              <th scope="col">Valid until</th>
              <th scope="col">State</th>
              <th scope="col">Runtime group</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>${certificates.map(row)}</tbody>
        </table>
      </div>
    `;

    return () => html`
      <section class="panel" aria-label=${kind.title}>
        <header>
          <h2>${kind.title}</h2>
          <span class="muted">${kind.about}</span>
          <div class="tools">
            <sl-button size="small" onClick=${() => open("add", null)}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add ${kind.one}</sl-button>
          </div>
        </header>
        <${NotLoaded} load=${load} what=${kind.title} />
        ${load.data ? (load.data.length === 0 ? html`<p class="muted pad">${kind.none}</p>` : table(load.data)) : !load.problem && html`<${Loading} />`}
      </section>
      ${view.dialog === "add" && html`<${AddCertificate} kind=${kind} onClose=${close} onDone=${done} />`}
      ${view.dialog === "view" && html`<${Configuration} label=${shown(view.certificate)} value=${view.certificate} onClose=${close} />`}
      ${view.dialog === "delete" &&
      html`
        <${Confirm} label=${`Delete ${kind.one}`} action="Delete" run=${remove} onClose=${close}>
          <p>Delete <b>${shown(view.certificate)}</b>? It is refused while ${kind.hasKey ? "an SNI or " : ""}an implementation names it.</p>
        <//>
      `}
    `;
  },
};

/** What changes in one section may show in another: a certificate brings SNIs, an SNI a warning. */
export const CertificatesPage = {
  setup() {
    const page = reactive({ changes: 0 });
    const changed = () => page.changes++;
    return () => html`
      <header class="page-head"><h1>Certificates</h1></header>
      <${Section} kind=${OWN} changes=${page.changes} onChanged=${changed} />
      <${Snis} changes=${page.changes} onChanged=${changed} />
      <${Section} kind=${AUTHORITIES} changes=${page.changes} onChanged=${changed} />
    `;
  },
};
