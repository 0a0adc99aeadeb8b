// Routes in rows, with what they were asked for, and what one can do to each.
import { api, path } from "../api.js";
import { go, link } from "../router.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "./actions.js";
import { Configuration } from "./configuration.js";
import { Confirm } from "./confirm.js";
import { RouteDialog } from "./route-dialog.js";
import { CodesInBrief } from "./small.js";

/** The address of a route's page. */
export function routeLink(route) {
  return ["services", route.service.name, "versions", route.version.name, "routes", route.id];
}

const Values = {
  props: { of: Array, none: String },
  setup: (properties) => () =>
    properties.of.length === 0
      ? html`<span class="muted">${properties.none}</span>`
      : html`<span class="values">${properties.of.map((value) => html`<code key=${value}>${value}</code>`)}</span>`,
};

/** The dialogs about one route; use open(what, route). */
export function useRouteDialogs(changed) {
  const view = reactive({ what: null, route: null, etag: null });
  const close = () => (view.what = null);

  async function open(what, { id }) {
    const { value, etag } = await api.read(path`/routes/${id}`);
    Object.assign(view, { what, route: value, etag });
  }

  function done() {
    close();
    changed();
  }

  async function remove() {
    await api.delete(path`/routes/${view.route.id}`);
    tell("Route deleted");
    close();
    changed("deleted");
  }

  function draw() {
    const { route, etag } = view;
    const name = route?.name ?? route?.id;
    switch (view.what) {
      case "view":
        return html`<${Configuration} label=${`Configuration of route ${name}`} value=${route} onClose=${close} />`;
      case "edit":
        return html`<${RouteDialog} route=${route} etag=${etag} onClose=${close} onDone=${done} />`;
      case "delete":
        return html`
          <${Confirm} label="Delete route" action="Delete" run=${remove} onClose=${close}>
            <p>Delete route <b>${name}</b>? Requests that only it matches get 404 from then on.</p>
          <//>
        `;
      default:
        return null;
    }
  }

  return { open, draw };
}

export const RoutesTable = {
  props: { routes: Array, status: Object, withOwner: Boolean, onChanged: Function },
  setup(properties) {
    const dialogs = useRouteDialogs(() => properties.onChanged());

    const row = (route) => {
      const codes = properties.status?.groups.find((group) => group.route === route.id)?.codes ?? {};
      return html`
        <tr key=${route.id} class="clickable" onClick=${(event) => !event.target.closest("a, sl-dropdown") && go(...routeLink(route))}>
          <td><a class="strong" href=${link(...routeLink(route))}>${route.name ?? route.id.slice(0, 8)}</a></td>
          ${properties.withOwner && html`<td data-label="Version"><a href=${link("services", route.service.name, "versions", route.version.name)}>${route.service.name} › ${route.version.name}</a></td>`}
          <td data-label="Methods"><${Values} of=${route.methods} none="every" /></td>
          <td data-label="Hosts"><${Values} of=${route.hosts} none="every" /></td>
          <td data-label="Paths"><${Values} of=${route.paths} none="every" /></td>
          ${properties.status && html`<td data-label="Status codes, last hour"><${CodesInBrief} codes=${codes} /></td>`}
          <td class="right row-actions">
            <${Actions}
              small
              label=${`Actions for route ${route.name ?? route.id}`}
              items=${[
                ["View configuration", () => dialogs.open("view", route)],
                ["Edit route", () => dialogs.open("edit", route)],
                ["Delete route", () => dialogs.open("delete", route), "danger"],
              ]}
            />
          </td>
        </tr>
      `;
    };

    return () => html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              ${properties.withOwner && html`<th scope="col">Version</th>`}
              <th scope="col">Methods</th>
              <th scope="col">Hosts</th>
              <th scope="col">Paths</th>
              ${properties.status && html`<th scope="col">Status codes, last hour</th>`}
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>${properties.routes.map(row)}</tbody>
        </table>
      </div>
      ${dialogs.draw()}
    `;
  },
};
