// New Implementation, in two steps that make one request; and, in one step, Edit Implementation.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html, nextTick, reactive, watch } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { SelectField, tags, TextField, typedNumber, useForm } from "./form.js";
import { ROUTE_FIELDS, RouteFields, routeOf, routeValues } from "./route-fields.js";

const BY_URL = "url";
const BY_PARTS = "parts";
const ADDRESS = ["url", "protocol", "host", "port", "path"];
const ADVANCED = ["retries", "connect_timeout", "write_timeout", "read_timeout", "client_certificate", "tags"];

function implementationValues(implementation = {}) {
  return {
    by: BY_URL,
    url: implementation.url ?? "",
    protocol: implementation.protocol ?? "http",
    host: implementation.host ?? "",
    port: implementation.port ?? "",
    path: implementation.path ?? "",
    retries: implementation.retries ?? 5,
    connect_timeout: implementation.connect_timeout ?? 60000,
    write_timeout: implementation.write_timeout ?? 60000,
    read_timeout: implementation.read_timeout ?? 60000,
    client_certificate: implementation.client_certificate ?? "",
    tags: (implementation.tags ?? []).join(", "),
  };
}

function addressOf(values) {
  if (values.by === BY_URL) {
    return { url: values.url.trim() };
  }
  const port = String(values.port).trim();
  return {
    protocol: values.protocol,
    host: values.host.trim(),
    ...(port === "" ? {} : { port: typedNumber(port) }),
    path: values.path.trim() || null,
  };
}

function implementationOf(values) {
  return {
    ...addressOf(values),
    retries: typedNumber(values.retries),
    connect_timeout: typedNumber(values.connect_timeout),
    write_timeout: typedNumber(values.write_timeout),
    read_timeout: typedNumber(values.read_timeout),
    client_certificate: values.client_certificate.trim() || null,
    tags: tags(values.tags),
  };
}

const ImplementationFields = {
  props: { form: Object, group: String },
  setup: (properties) => {
    const certificates = useLoad(async () => {
      const found = await api.all(path`/certificates`, { group: properties.group });
      return found.map(({ id, name, details }) => [id, name ?? details.subject]);
    });
    return () => {
      const { form } = properties;
      const openAdvanced = ADVANCED.some((name) => form.problem?.of?.(name));
      return html`
        <sl-radio-group
          label="How its upstream is given"
          class="bare"
          value=${form.values.by}
          onSl-change=${(event) => (form.values.by = event.target.value)}
        >
          <sl-radio value=${BY_URL}>Add using URL</sl-radio>
          <sl-radio value=${BY_PARTS}>Add using Protocol, Host and Path</sl-radio>
        </sl-radio-group>
        ${form.values.by === BY_URL
          ? html`<${TextField} key="url" form=${form} name="url" label="URL" placeholder="http://mockbin.org" help="Where the traffic of this version goes." autofocus />`
          : html`
              <div class="stack" key="parts">
                <${SelectField} form=${form} name="protocol" label="Protocol" options=${["http", "https", "grpc", "grpcs"].map((name) => [name, name])} />
                <${TextField} form=${form} name="host" label="Host" placeholder="mockbin.org" />
                <div class="pair-of-fields">
                  <${TextField} form=${form} name="path" label="Path" placeholder="/v2" help="Optional." />
                  <${TextField} form=${form} name="port" label="Port" type="number" placeholder=${form.values.protocol.endsWith("s") ? "443" : "80"} />
                </div>
              </div>
            `}
        <sl-details summary="View 6 Advanced Fields" open=${openAdvanced}>
          <div class="stack">
            <${TextField} form=${form} name="retries" label="Retries" type="number" help="Further attempts after a failed one." />
            <${TextField} form=${form} name="connect_timeout" label="Connection Timeout" type="number" suffix="ms" />
            <${TextField} form=${form} name="write_timeout" label="Write Timeout" type="number" suffix="ms" />
            <${TextField} form=${form} name="read_timeout" label="Read Timeout" type="number" suffix="ms" />
            <${SelectField}
              form=${form}
              name="client_certificate"
              label="Client Certificate"
              none="none"
              help="Shown to an https upstream."
              options=${certificates.data ?? []}
            />
            <${TextField} form=${form} name="tags" label="Tags" placeholder="public, eu" help="Words, separated by commas." />
          </div>
        </sl-details>
      `;
    };
  },
};

export const NewImplementation = {
  props: { service: String, version: String, group: String, onClose: Function, onDone: Function },
  setup(properties) {
    const form = useForm({ ...implementationValues(), ...routeValues() });
    const view = reactive({ step: 1 });

    function next(event) {
      event.preventDefault();
      view.step = 2;
    }

    watch(
      () => view.step,
      () => nextTick(() => document.querySelector("sl-dialog [autofocus]")?.focus()),
    );

    async function create(event) {
      event.preventDefault();
      const body = { ...implementationOf(form.values), route: routeOf(form.values) };
      const to = path`/services/${properties.service}/versions/${properties.version}/implementation`;
      if (await form.submit(() => api.post(to, body))) {
        tell("Implementation and route created");
        properties.onDone();
      } else if ([...ADDRESS, ...ADVANCED].some((name) => form.problem.of?.(name))) {
        view.step = 1; // where the field is that the API refuses
      }
    }

    const steps = () => html`
      <ol class="steps" aria-label="Steps">
        <li aria-current=${view.step === 1 ? "step" : null}>Create Implementation</li>
        <li aria-current=${view.step === 2 ? "step" : null}>Add a Route</li>
      </ol>
    `;

    const first = () => html`
      <form class="stack" key="1" onSubmit=${next}>
        <${ImplementationFields} form=${form} group=${properties.group} />
        <${Faults} problem=${form.problem?.errors.length > 0 ? form.problem : null} fields=${[...ADDRESS, ...ADVANCED, "route"]} />
        <div class="dialog-actions">
          <sl-button onClick=${properties.onClose}>Cancel</sl-button>
          <sl-button type="submit" variant="primary">Next</sl-button>
        </div>
      </form>
    `;

    const second = () => html`
      <form class="stack" key="2" onSubmit=${create}>
        <${RouteFields} form=${form} within="route." />
        <${Faults} problem=${form.problem} fields=${[...ADDRESS, ...ADVANCED, ...ROUTE_FIELDS.map((name) => "route." + name)]} />
        <div class="dialog-actions">
          <sl-button onClick=${() => (view.step = 1)}>Back</sl-button>
          <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
        </div>
      </form>
    `;

    return () => html`
      <${Dialog} label="New Implementation" busy=${form.busy} onClose=${properties.onClose}>
        ${steps()} ${view.step === 1 ? first() : second()}
      <//>
    `;
  },
};

export const EditImplementation = {
  props: { service: String, version: String, group: String, implementation: Object, etag: String, onClose: Function, onDone: Function },
  setup(properties) {
    const form = useForm(implementationValues(properties.implementation));

    async function save(event) {
      event.preventDefault();
      const to = path`/services/${properties.service}/versions/${properties.version}/implementation`;
      if (await form.submit(() => api.patch(to, implementationOf(form.values), properties.etag))) {
        tell("Saved");
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label="Edit Implementation" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${ImplementationFields} form=${form} group=${properties.group} />
          <${Faults} problem=${form.problem} fields=${[...ADDRESS, ...ADVANCED]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Save</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};
