// All services, the oldest first; found by a part of name or description.
import { api, path } from "../api.js";
import { plural, short } from "../format.js";
import { useLoad } from "../load.js";
import { go, link } from "../router.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Dialog } from "../parts/dialog.js";
import { Faults, NotLoaded } from "../parts/faults.js";
import { TextArea, TextField, useForm } from "../parts/form.js";
import { Pager, usePages } from "../parts/pager.js";
import { Loading, Sparkline } from "../parts/small.js";

const PAGE_SIZE = 25;
const REFRESH_MS = 10_000;
const TYPING_MS = 200;

const AddService = {
  props: { onClose: Function },
  setup(properties) {
    const form = useForm({ name: "", version: "", description: "" });

    async function create(event) {
      event.preventDefault();
      const { name, version, description } = form.values;
      const body = { name: name.trim(), description };
      if (version.trim() !== "") {
        body.version = version.trim();
      }
      if (await form.submit(() => api.post(path`/services`, body))) {
        tell(`Service ${body.name} created`);
        go("services", body.name);
      }
    }

    return () => html`
      <${Dialog} label="Add New Service" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${create}>
          <${TextField} form=${form} name="name" label="Service Name" placeholder="example_service" autofocus />
          <${TextField}
            form=${form}
            name="version"
            label="Version Name"
            placeholder="v.1"
            help="The first version of the service."
          />
          <${TextArea} form=${form} name="description" label="Description" help="Optional." />
          <${Faults} problem=${form.problem} fields=${["name", "version", "description"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

const ServiceList = {
  props: { services: Array },
  setup: (properties) => () => html`
    <div class="table-wrap panel">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Versions</th>
            <th scope="col">Description</th>
            <th scope="col" class="right">Requests, last hour</th>
          </tr>
        </thead>
        <tbody>
          ${properties.services.map(
            (service) => html`
              <tr key=${service.id} class="clickable" onClick=${(event) => open(event, service)}>
                <td><a class="strong" href=${link("services", service.name)}>${service.name}</a></td>
                <td class="nowrap" data-label="Versions">${plural(service.versions.length, "Version")}</td>
                <td class="muted clip" data-label="Description">${service.description}</td>
                <td class="right nowrap" data-label="Requests, last hour">
                  <${Sparkline}
                    series=${service.requests.series}
                    label=${`${service.requests.total} requests in the last hour`}
                  />
                  <span class="count">${short(service.requests.total)}</span>
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `,
};

/** A click anywhere in the row opens it, except one that selects text or is the link's own. */
function open(event, service) {
  if (!event.target.closest("a") && getSelection().isCollapsed) {
    go("services", service.name);
  }
}

export const ServicesPage = {
  setup() {
    const view = reactive({ adding: false, typed: "", search: "" });
    const pages = usePages();
    let typing;

    const load = useLoad(
      () =>
        api.get(path`/services`, {
          size: PAGE_SIZE,
          after: pages.after(),
          search: view.search,
          with: "requests",
        }),
      { key: () => [view.search, pages.after()].join(), every: REFRESH_MS, keep: true },
    );

    function search(event) {
      view.typed = event.target.value;
      clearTimeout(typing);
      typing = setTimeout(() => {
        pages.first();
        view.search = view.typed.trim();
      }, TYPING_MS);
    }

    const addButton = () => html`
      <sl-button variant="primary" onClick=${() => (view.adding = true)}>
        <sl-icon slot="prefix" name="plus-lg"></sl-icon>Add New Service
      </sl-button>
    `;

    function content() {
      const { data } = load;
      if (!data) {
        return load.problem ? null : html`<${Loading} />`;
      }
      if (data.data.length > 0) {
        return html`<${ServiceList} services=${data.data} /><${Pager} pages=${pages} next=${data.next} />`;
      }
      return view.search
        ? html`<div class="empty"><sl-icon name="search"></sl-icon><p>No service has “${view.search}” in its name or description.</p></div>`
        : html`
            <div class="empty">
              <sl-icon name="boxes" aria-hidden="true"></sl-icon>
              <p class="strong">No services yet</p>
              <p class="muted">A service is what you offer to API consumers. Its versions say where their traffic goes.</p>
            </div>
          `;
    }

    return () => html`
      <header class="page-head">
        <h1>Services</h1>
        <div class="tools">
          <sl-input
            class="search bare"
            type="search"
            label="Search services"
            placeholder="Search"
            clearable
            value=${view.typed}
            onSl-input=${search}
          >
            <sl-icon slot="prefix" name="search"></sl-icon>
          </sl-input>
          ${addButton()}
        </div>
      </header>
      <${NotLoaded} load=${load} what="The list of services" />
      ${content()}
      ${view.adding && html`<${AddService} onClose=${() => (view.adding = false)} />`}
    `;
  },
};
