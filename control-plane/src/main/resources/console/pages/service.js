// One service: what its versions were asked for in the last hour, and the versions themselves.
import { api, path } from "../api.js";
import { failed, milliseconds, number, percent, plural } from "../format.js";
import { useLoad } from "../load.js";
import { go, goInstead, link } from "../router.js";
import { useStatus } from "../status-record.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { Confirm } from "../parts/confirm.js";
import { Dialog } from "../parts/dialog.js";
import { Faults, NotLoaded } from "../parts/faults.js";
import { SelectField, TextArea, TextField, useForm } from "../parts/form.js";
import { Ago, Breadcrumb, CodesInBrief, Figure, Loading, Sparkline } from "../parts/small.js";

const POINTS = 60;

const EditService = {
  props: { service: Object, etag: String, onClose: Function, onSaved: Function },
  setup(properties) {
    const { name, description } = properties.service;
    const form = useForm({ name, description });

    async function save(event) {
      event.preventDefault();
      const changed = { name: form.values.name.trim(), description: form.values.description };
      if (await form.submit(() => api.patch(path`/services/${properties.service.id}`, changed, properties.etag))) {
        tell("Saved");
        properties.onSaved(changed.name);
      }
    }

    return () => html`
      <${Dialog} label="Edit Service" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField} form=${form} name="name" label="Service Name" autofocus />
          <${TextArea} form=${form} name="description" label="Description" />
          <${Faults} problem=${form.problem} fields=${["name", "description"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Save</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

const NewVersion = {
  props: { service: Object, onClose: Function },
  setup(properties) {
    const form = useForm({ name: "", runtime_group: "default" });
    const groups = useLoad(() => api.all(path`/runtime-groups`));

    async function create(event) {
      event.preventDefault();
      const body = { ...form.values, name: form.values.name.trim() };
      if (await form.submit(() => api.post(path`/services/${properties.service.id}/versions`, body))) {
        tell(`Version ${body.name} created`);
        go("services", properties.service.name, "versions", body.name);
      }
    }

    return () => html`
      <${Dialog} label="New Version" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${create}>
          <${TextField} form=${form} name="name" label="Version Name" placeholder="v.2" autofocus />
          ${groups.data?.length > 1 &&
          html`<${SelectField}
            form=${form}
            name="runtime_group"
            label="Runtime Group"
            help="The runtimes that serve it."
            options=${groups.data.map(({ name }) => [name, name])}
          />`}
          <${Faults} problem=${form.problem} fields=${["name", "runtime_group"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

/** The points of a version's series, which has only those at which something was counted, at their places. */
function spread(group, status) {
  const begin = Date.parse(status.from);
  const perBar = (POINTS * 60_000) / 30;
  const series = new Array(30).fill(0);
  (group?.series ?? []).forEach(({ at, codes }) => {
    const bar = Math.min(29, Math.max(0, Math.floor((Date.parse(at) - begin) / perBar)));
    series[bar] += Object.values(codes).reduce((all, n) => all + n, 0);
  });
  return series;
}

const Versions = {
  props: { service: Object, versions: Array, status: Object },
  setup: (properties) => () => {
    const { service, versions, status } = properties;
    if (versions.length === 0) {
      return html`<p class="muted pad">No versions yet. A version says where the traffic goes.</p>`;
    }
    return html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Upstream URL</th>
              <th scope="col">Routes</th>
              <th scope="col">Status codes, last hour</th>
              <th scope="col" class="right">Requests, last hour</th>
            </tr>
          </thead>
          <tbody>
            ${versions.map((version) => {
              const group = status?.groups.find((one) => one.version === version.id);
              return html`
                <tr key=${version.id} class="clickable" onClick=${(event) => !event.target.closest("a") && go("services", service.name, "versions", version.name)}>
                  <td><a class="strong" href=${link("services", service.name, "versions", version.name)}>${version.name}</a></td>
                  <td class="clip" data-label="Upstream URL">
                    ${version.upstream_url ? html`<code>${version.upstream_url}</code>` : html`<span class="muted">no implementation yet</span>`}
                  </td>
                  <td class="nowrap" data-label="Routes">${plural(version.routes.length, "route")}</td>
                  <td data-label="Status codes, last hour"><${CodesInBrief} codes=${group?.codes} /></td>
                  <td class="right nowrap" data-label="Requests, last hour">
                    ${status && html`<${Sparkline} series=${spread(group, status)} label=${`${group?.total ?? 0} requests in the last hour`} />`}
                    <span class="count">${number(group?.total ?? 0)}</span>
                  </td>
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
    `;
  },
};

export const ServicePage = {
  props: { service: String },
  setup(properties) {
    const view = reactive({ dialog: null });
    const load = useLoad(async () => {
      const [{ value, etag }, versions] = await Promise.all([
        api.read(path`/services/${properties.service}`),
        api.all(path`/services/${properties.service}/versions`),
      ]);
      return { service: value, etag, versions };
    });
    const status = useStatus({ path: path`/services/${properties.service}/status` }, () => "60m", { by: "version" });
    const close = () => (view.dialog = null);

    async function remove() {
      await api.delete(path`/services/${load.data.service.id}`);
      tell(`Service ${properties.service} deleted`);
      goInstead("services");
    }

    function saved(name) {
      close();
      return name === properties.service ? load.reload() : goInstead("services", name);
    }

    function dialog({ service, etag, versions }) {
      switch (view.dialog) {
        case "edit":
          return html`<${EditService} service=${service} etag=${etag} onClose=${close} onSaved=${saved} />`;
        case "version":
          return html`<${NewVersion} service=${service} onClose=${close} />`;
        case "delete":
          return html`
            <${Confirm} label="Delete service" action="Delete" run=${remove} onClose=${close}>
              <p>Delete <b>${service.name}</b> with ${plural(versions.length, "version")}, their implementations and routes? Clients get 404 from then on.</p>
              <p class="muted">Restoring an earlier revision of the runtime group brings it back.</p>
            <//>
          `;
        default:
          return null;
      }
    }

    function figures(record) {
      return html`
        <section class="panel" aria-labelledby="traffic">
          <header><h2 id="traffic">Traffic</h2><span class="muted">last 60 minutes, all versions</span></header>
          <dl class="figures wide">
            <${Figure} label="Request count" value=${record ? number(record.total) : "–"} />
            <${Figure}
              label="Error rate (5xx)"
              kind=${record && failed(record.codes) > 0 ? "bad" : ""}
              value=${record ? percent(failed(record.codes), record.total) : "–"}
            />
            <${Figure} label="Latency p50" value=${milliseconds(record?.latency?.p50)} />
            <${Figure} label="Latency p99" value=${milliseconds(record?.latency?.p99)} />
          </dl>
        </section>
      `;
    }

    function page({ service, versions, etag }) {
      return html`
        <header class="page-head">
          <div>
            <h1>${service.name}</h1>
            ${service.description && html`<p class="lead">${service.description}</p>`}
            <p class="meta muted">Created <${Ago} at=${service.created_at} /> · Modified <${Ago} at=${service.updated_at} /></p>
          </div>
          <div class="tools">
            <${Actions}
              items=${[
                ["Edit service", () => (view.dialog = "edit")],
                ["Delete service", () => (view.dialog = "delete"), "danger"],
              ]}
            />
          </div>
        </header>
        ${figures(status.data)}
        <section class="panel" aria-labelledby="versions">
          <header>
            <h2 id="versions">Versions</h2>
            <div class="tools">
              <sl-button size="small" onClick=${() => (view.dialog = "version")}>
                <sl-icon slot="prefix" name="plus-lg"></sl-icon>New Version
              </sl-button>
            </div>
          </header>
          <${Versions} service=${service} versions=${versions} status=${status.data} />
        </section>
        ${dialog({ service, etag, versions })}
      `;
    }

    return () => html`
      <${Breadcrumb} crumbs=${[["Services", "services"], [properties.service]]} />
      <${NotLoaded} load=${load} what="This service" />
      ${load.data ? page(load.data) : !load.problem && html`<${Loading} />`}
    `;
  },
};
