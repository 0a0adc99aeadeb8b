// The version overview: where it is reached, where its traffic goes, what clients got, its routes.
import { api, path } from "../api.js";
import { plural } from "../format.js";
import { follow } from "../live.js";
import { useLoad } from "../load.js";
import { goInstead } from "../router.js";
import { Changes, useStatus } from "../status-record.js";
import { tell } from "../toasts.js";
import { html, onBeforeUnmount, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { Configuration } from "../parts/configuration.js";
import { Confirm } from "../parts/confirm.js";
import { NotLoaded } from "../parts/faults.js";
import { EditImplementation, NewImplementation } from "../parts/implementation-dialog.js";
import { RouteDialog } from "../parts/route-dialog.js";
import { RoutesTable } from "../parts/routes-table.js";
import { Serving } from "../parts/serving.js";
import { Ago, Breadcrumb, Copyable, Loading } from "../parts/small.js";
import { StatusPanel } from "../parts/status-panel.js";
import { Why } from "../parts/why.js";

/** Tells whenever runtimes have reported requests of a version. */
export function useLiveChanges(service, version) {
  const changes = new Changes();
  const tellAll = () => changes.tell();
  onBeforeUnmount(follow(path`/services/${service}/versions/${version}/status/live`, { status: tellAll, delta: tellAll }));
  return changes;
}

export const VersionPage = {
  props: { service: String, version: String },
  setup(properties) {
    const { service, version } = properties;
    const at = path`/services/${service}/versions/${version}`;
    const view = reactive({ dialog: null, etag: null });
    const changes = useLiveChanges(service, version);
    const byRoute = useStatus({ path: at + "/status", changes }, () => "60m", { by: "route" });

    const load = useLoad(async () => {
      const found = await api.get(at);
      const group = await api.get(path`/runtime-groups/${found.runtime_group}`);
      return { version: found, head: group.head };
    });

    const close = () => (view.dialog = null);

    function done() {
      close();
      load.reload();
    }

    async function edit() {
      view.etag = (await api.read(at + "/implementation")).etag;
      view.dialog = "edit";
    }

    async function removeImplementation() {
      await api.delete(at + "/implementation");
      tell("Implementation deleted");
      done();
    }

    async function removeVersion() {
      await api.delete(at);
      tell(`Version ${version} deleted`);
      goInstead("services", service);
    }

    function dialog(found) {
      switch (view.dialog) {
        case "new":
          return html`<${NewImplementation} service=${service} version=${version} group=${found.runtime_group} onClose=${close} onDone=${done} />`;
        case "edit":
          return html`<${EditImplementation} service=${service} version=${version} group=${found.runtime_group} implementation=${found.implementation} etag=${view.etag} onClose=${close} onDone=${done} />`;
        case "route":
          return html`<${RouteDialog} service=${service} version=${version} onClose=${close} onDone=${done} />`;
        case "view":
          return html`<${Configuration} label=${`Configuration of ${service} ${version}`} value=${found} onClose=${close} />`;
        case "delete implementation":
          return html`
            <${Confirm} label="Delete implementation" action="Delete" run=${removeImplementation} onClose=${close}>
              <p>Delete the implementation of <b>${service} ${version}</b>? Its ${plural(found.routes.length, "route stays", "routes stay")}; requests that reach them are answered 503 until there is an implementation again.</p>
            <//>
          `;
        case "delete version":
          return html`
            <${Confirm} label="Delete version" action="Delete" run=${removeVersion} onClose=${close}>
              <p>Delete <b>${service} ${version}</b> with its implementation and ${plural(found.routes.length, "route")}? Clients get 404 from then on.</p>
            <//>
          `;
        default:
          return null;
      }
    }

    const actions = (found) => html`
      <${Actions}
        items=${[
          ["View configuration", () => (view.dialog = "view")],
          found.implementation && ["Edit implementation", edit],
          found.implementation && ["Delete implementation", () => (view.dialog = "delete implementation"), "danger"],
          ["Delete version", () => (view.dialog = "delete version"), "danger"],
        ]}
      />
    `;

    const head = ({ version: found, head: groupHead }) => html`
      <header class="page-head">
        <div>
          <h1>${found.name}</h1>
          <p class="meta">
            ${found.implementation && html`<${Serving} group=${found.runtime_group} head=${groupHead} />`}
            <span class="muted">Created <${Ago} at=${found.created_at} /> · Modified <${Ago} at=${modified(found)} /> · Runtime group ${found.runtime_group}</span>
          </p>
        </div>
        <div class="tools">${actions(found)}</div>
      </header>
      <dl class="addresses panel">
        <${Copyable} label="Proxy URL" value=${found.proxy_url} none="The runtime group has none; its runtimes may be anywhere." />
        <${Copyable} label="Upstream URL" value=${found.upstream_url} none="No implementation yet." />
      </dl>
    `;

    const invitation = () => html`
      <section class="panel invitation">
        <div>
          <h2>Where does the traffic of this version go?</h2>
          <p class="muted">An implementation names the upstream and how it is called; its routes say which requests reach it.</p>
        </div>
        <sl-button variant="primary" onClick=${() => (view.dialog = "new")}>
          <sl-icon slot="prefix" name="plus-lg"></sl-icon>New Implementation
        </sl-button>
      </section>
    `;

    const routes = (found) => html`
      <section class="panel" aria-labelledby="routes">
        <header>
          <h2 id="routes">Routes</h2>
          <div class="tools">
            <sl-button size="small" onClick=${() => (view.dialog = "route")}><sl-icon slot="prefix" name="plus-lg"></sl-icon>New Route</sl-button>
          </div>
        </header>
        ${found.routes.length === 0
          ? html`<p class="muted pad">No routes yet: no request reaches this version.</p>`
          : html`<${RoutesTable} routes=${found.routes} status=${byRoute.data} onChanged=${load.reload} />`}
        <sl-details class="flat" summary="Why? — which route a request reaches">
          <${Why} key=${plainPath(found.routes)} group=${found.runtime_group} path=${plainPath(found.routes)} />
        </sl-details>
      </section>
    `;

    return () => html`
      <${Breadcrumb} crumbs=${[["Services", "services"], [service, "services", service], ["Versions", "services", service], [version]]} />
      <${NotLoaded} load=${load} what="This version" />
      ${load.data
        ? html`
            ${head(load.data)} ${!load.data.version.implementation && invitation()}
            <${StatusPanel} source=${{ path: at + "/status", changes }} name=${`${service}-${version}`} />
            ${routes(load.data.version)} ${dialog(load.data.version)}
          `
        : !load.problem && html`<${Loading} />`}
    `;
  },
};

/** A path to begin with: one that a request could have. */
function plainPath(routes) {
  return routes.flatMap((route) => route.paths).find((one) => one.startsWith("/")) ?? "";
}

/** The last change of the version or of what it holds. */
function modified(version) {
  const times = [version, version.implementation, ...version.routes].filter(Boolean).map((one) => one.updated_at);
  return times.reduce((latest, time) => (Date.parse(time) > Date.parse(latest) ? time : latest));
}
