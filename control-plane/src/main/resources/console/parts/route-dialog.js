// New Route and Edit Route.
import { api, path } from "../api.js";
import { tell } from "../toasts.js";
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { useForm } from "./form.js";
import { ROUTE_FIELDS, RouteFields, routeOf, routeValues } from "./route-fields.js";

/** @param route to edit, with etag; without it a new one is made */
export const RouteDialog = {
  props: { service: String, version: String, route: Object, etag: String, onClose: Function, onDone: Function },
  setup(properties) {
    const { route } = properties;
    const form = useForm(routeValues(route ?? undefined));

    async function save(event) {
      event.preventDefault();
      const body = routeOf(form.values);
      const send = route
        ? () => api.patch(path`/routes/${route.id}`, body, properties.etag)
        : () => api.post(path`/services/${properties.service}/versions/${properties.version}/routes`, body);
      if (await form.submit(send)) {
        tell(route ? "Saved" : "Route created");
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label=${route ? "Edit Route" : "New Route"} busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${RouteFields} form=${form} />
          <${Faults} problem=${form.problem} fields=${ROUTE_FIELDS} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>${route ? "Save" : "Create"}</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};
