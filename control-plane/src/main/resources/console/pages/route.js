// One route: what it matches, what clients got on it.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { goInstead } from "../router.js";
import { html } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { NotLoaded } from "../parts/faults.js";
import { useRouteDialogs } from "../parts/routes-table.js";
import { Ago, Breadcrumb, Loading } from "../parts/small.js";
import { StatusPanel } from "../parts/status-panel.js";
import { Why } from "../parts/why.js";
import { useLiveChanges } from "./version.js";

function facts(route) {
  const list = (values) => (values.length === 0 ? "every" : values.join("  "));
  const headers = Object.entries(route.headers).map(([name, values]) => `${name}: ${values.join(" or ")}`);
  return [
    ["Methods", list(route.methods)],
    ["Hosts", list(route.hosts)],
    ["Paths", list(route.paths)],
    headers.length > 0 && ["Headers", headers.join("; ")],
    route.snis.length > 0 && ["SNIs", list(route.snis)],
    ["Protocols", route.protocols.join("  ")],
    ["Strip Path", route.strip_path ? "yes" : "no"],
    ["Preserve Host", route.preserve_host ? "yes" : "no"],
    route.tags.length > 0 && ["Tags", route.tags.join(", ")],
  ].filter(Boolean);
}

export const RoutePage = {
  props: { service: String, version: String, route: String },
  setup(properties) {
    const { service, version } = properties;
    const at = path`/routes/${properties.route}`;
    const load = useLoad(async () => {
      const [route, owner] = await Promise.all([api.get(at), api.get(path`/services/${service}/versions/${version}`)]);
      return { route, group: owner.runtime_group };
    });
    const changes = useLiveChanges(service, version);
    const dialogs = useRouteDialogs((what) => (what === "deleted" ? goInstead("services", service, "versions", version) : load.reload()));

    const page = ({ route, group }) => html`
      <header class="page-head">
        <div>
          <h1>${route.name ?? route.id}</h1>
          <p class="meta muted">Created <${Ago} at=${route.created_at} /> · Modified <${Ago} at=${route.updated_at} /></p>
        </div>
        <div class="tools">
          <${Actions}
            items=${[
              ["View configuration", () => dialogs.open("view", route)],
              ["Edit route", () => dialogs.open("edit", route)],
              ["Delete route", () => dialogs.open("delete", route), "danger"],
            ]}
          />
        </div>
      </header>
      <section class="panel" aria-labelledby="matches">
        <header><h2 id="matches">Matches</h2></header>
        <dl class="facts">
          ${facts(route).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}
        </dl>
      </section>
      <${StatusPanel} source=${{ path: at + "/status", changes }} name=${`${service}-${version}-${route.name ?? route.id}`} />
      <section class="panel" aria-labelledby="why">
        <header><h2 id="why">Why?</h2><span class="muted">which route a request reaches</span></header>
        <${Why} group=${group} path=${route.paths.find((one) => one.startsWith("/")) ?? ""} />
      </section>
      ${dialogs.draw()}
    `;

    return () => html`
      <${Breadcrumb}
        crumbs=${[
          ["Services", "services"],
          [service, "services", service],
          ["Versions", "services", service],
          [version, "services", service, "versions", version],
          ["Routes", "services", service, "versions", version],
          [load.data?.route.name ?? properties.route.slice(0, 8)],
        ]}
      />
      <${NotLoaded} load=${load} what="This route" />
      ${load.data ? page(load.data) : !load.problem && html`<${Loading} />`}
    `;
  },
};
