// Users, who sign in with a password, and API tokens, with which programs do.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { isAdmin } from "../session.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { Confirm } from "../parts/confirm.js";
import { Dialog } from "../parts/dialog.js";
import { Faults, NotLoaded } from "../parts/faults.js";
import { SelectField, TextField, useForm } from "../parts/form.js";
import { Grants, GrantsField } from "../parts/grants.js";
import { Secret } from "../parts/secret.js";
import { Ago, Loading, State } from "../parts/small.js";

const LIVES = [["", "never expires"], ["1", "1 day"], ["30", "30 days"], ["90", "90 days"], ["365", "1 year"]];

function copies(grants) {
  return grants.map(({ role, runtime_group }) => ({ role, runtime_group: runtime_group ?? null }));
}

const UserDialog = {
  props: { user: Object, etag: String, onClose: Function, onDone: Function },
  setup(properties) {
    const { user } = properties;
    const form = useForm({
      name: user?.name ?? "",
      password: "",
      grants: copies(user?.grants ?? [{ role: "viewer" }]),
    });

    async function save(event) {
      event.preventDefault();
      const { name, password, grants } = form.values;
      const body = { name: name.trim(), grants: copies(grants), ...(user && password === "" ? {} : { password }) };
      const send = user ? () => api.patch(path`/users/${user.id}`, body, properties.etag) : () => api.post(path`/users`, body);
      if (await form.submit(send)) {
        tell(user ? "Saved" : `User ${body.name} added`);
        properties.onDone();
      }
    }

    return () => html`
      <${Dialog} label=${user ? "Edit User" : "Add User"} busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField} form=${form} name="name" label="Name" autofocus />
          <${TextField}
            form=${form}
            name="password"
            label=${user ? "New Password" : "Password"}
            type="password"
            help=${user ? "Left empty, it stays as it is." : "12 characters or more."}
          />
          <${GrantsField} form=${form} />
          <${Faults} problem=${form.problem} fields=${["name", "password", "grants"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>${user ? "Save" : "Create"}</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

const TokenDialog = {
  props: { onClose: Function, onDone: Function },
  setup(properties) {
    const form = useForm({ name: "", grants: copies([{ role: "viewer" }]), days: "90" });

    async function create(event) {
      event.preventDefault();
      const { name, grants, days } = form.values;
      const expires_at = days === "" ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
      await form.submit(async () => {
        properties.onDone(await api.post(path`/tokens`, { name: name.trim(), grants: copies(grants), expires_at }));
      });
    }

    return () => html`
      <${Dialog} label="Add Token" busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${create}>
          <${TextField} form=${form} name="name" label="Name" placeholder="pipeline" help="What uses it." autofocus />
          <${GrantsField} form=${form} />
          <${SelectField} form=${form} name="days" field="expires_at" label="Valid for" options=${LIVES} />
          <${Faults} problem=${form.problem} fields=${["name", "grants", "expires_at"]} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>Create</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};

const Users = {
  setup() {
    const view = reactive({ dialog: null, user: null, etag: null });
    const load = useLoad(() => api.all(path`/users`));
    const close = () => (view.dialog = null);

    async function open(dialog, user) {
      const { value, etag } = await api.read(path`/users/${user.id}`);
      Object.assign(view, { dialog, user: value, etag });
    }

    function done() {
      close();
      load.reload();
    }

    async function remove() {
      await api.delete(path`/users/${view.user.id}`);
      tell(`User ${view.user.name} deleted`);
      done();
    }

    async function setDisabled(user, disabled) {
      try {
        await api.patch(path`/users/${user.id}`, { disabled });
        tell(disabled ? `${user.name} is let in no more` : `${user.name} is let in again`);
      } catch (problem) {
        tell(problem.message, "failed");
      }
      load.reload();
    }

    const row = (user) => html`
      <tr key=${user.id}>
        <td class="strong">${user.name}</td>
        <td data-label="State">${user.disabled ? html`<${State} kind="quiet">disabled<//>` : html`<${State} kind="good">enabled<//>`}</td>
        <td data-label="Roles"><${Grants} grants=${user.grants} /></td>
        <td data-label="Created"><${Ago} at=${user.created_at} /></td>
        <td class="right row-actions">
          <${Actions}
            small
            label=${`Actions for user ${user.name}`}
            items=${[
              ["Edit user", () => open("edit", user)],
              user.disabled ? ["Enable", () => setDisabled(user, false)] : ["Disable", () => setDisabled(user, true), "danger"],
              ["Delete user", () => open("delete", user), "danger"],
            ]}
          />
        </td>
      </tr>
    `;

    return () => html`
      <section class="panel" aria-labelledby="users">
        <header>
          <h2 id="users">Users</h2>
          <div class="tools"><sl-button size="small" onClick=${() => (view.dialog = "add")}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add User</sl-button></div>
        </header>
        <${NotLoaded} load=${load} what="The list of users" />
        ${load.data
          ? load.data.length === 0
            ? html`<p class="muted pad">No users yet; one signs in with a token until there are.</p>`
            : html`
                <div class="table-wrap">
                  <table class="rows">
                    <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Roles</th><th scope="col">Created</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
                    <tbody>${load.data.map(row)}</tbody>
                  </table>
                </div>
              `
          : !load.problem && html`<${Loading} />`}
      </section>
      ${view.dialog === "add" && html`<${UserDialog} onClose=${close} onDone=${done} />`}
      ${view.dialog === "edit" && html`<${UserDialog} user=${view.user} etag=${view.etag} onClose=${close} onDone=${done} />`}
      ${view.dialog === "delete" &&
      html`
        <${Confirm} label="Delete user" action="Delete" run=${remove} onClose=${close}>
          <p>Delete user <b>${view.user.name}</b>, with all sessions and tokens of that user?</p>
        <//>
      `}
    `;
  },
};

const Tokens = {
  setup() {
    const view = reactive({ dialog: null, token: null });
    const load = useLoad(() => api.all(path`/tokens`));
    const close = () => (view.dialog = null);

    function made(token) {
      Object.assign(view, { dialog: "made", token });
      load.reload();
    }

    async function revoke() {
      await api.delete(path`/tokens/${view.token.id}`);
      tell(`Token ${view.token.name} revoked`);
      close();
      load.reload();
    }

    const row = (token) => html`
      <tr key=${token.id}>
        <td class="strong">${token.name}</td>
        <td data-label="Whose">${token.user?.name ?? html`<span class="muted">nobody’s</span>`}</td>
        <td data-label="Roles"><${Grants} grants=${token.grants} /></td>
        <td data-label="Expires">${token.expires_at ? new Date(token.expires_at).toLocaleDateString("en-GB") : html`<span class="muted">never</span>`}</td>
        <td data-label="Last used">${token.last_used_at ? html`<${Ago} at=${token.last_used_at} />` : html`<span class="muted">never</span>`}</td>
        <td class="right row-actions">
          <sl-button size="small" onClick=${() => Object.assign(view, { dialog: "revoke", token })}>Revoke</sl-button>
        </td>
      </tr>
    `;

    return () => html`
      <section class="panel" aria-labelledby="tokens">
        <header>
          <h2 id="tokens">API Tokens</h2>
          <div class="tools"><sl-button size="small" onClick=${() => (view.dialog = "add")}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add Token</sl-button></div>
        </header>
        <${NotLoaded} load=${load} what="The list of tokens" />
        ${load.data
          ? load.data.length === 0
            ? html`<p class="muted pad">No tokens yet.</p>`
            : html`
                <div class="table-wrap">
                  <table class="rows">
                    <thead><tr><th scope="col">Name</th><th scope="col">Whose</th><th scope="col">Roles</th><th scope="col">Expires</th><th scope="col">Last used</th><th scope="col"><span class="unseen">Revoke</span></th></tr></thead>
                    <tbody>${load.data.map(row)}</tbody>
                  </table>
                </div>
              `
          : !load.problem && html`<${Loading} />`}
      </section>
      ${view.dialog === "add" && html`<${TokenDialog} onClose=${close} onDone=${made} />`}
      ${view.dialog === "made" &&
      html`<${Secret} label=${`Token ${view.token.name}`} value=${view.token.token} onClose=${close}>Send it as <code>Authorization: Bearer</code>.<//>`}
      ${view.dialog === "revoke" &&
      html`
        <${Confirm} label="Revoke token" action="Revoke" run=${revoke} onClose=${close}>
          <p>Revoke token <b>${view.token.name}</b>? What uses it is refused from then on.</p>
        <//>
      `}
    `;
  },
};

export const UsersPage = {
  setup: () => () => html`
    <header class="page-head"><h1>Users and Tokens</h1></header>
    ${isAdmin() && html`<${Users} />`}
    <${Tokens} />
  `,
};
