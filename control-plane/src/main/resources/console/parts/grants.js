// Roles, in all runtime groups or in one.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { html } from "../ui.js";

const ROLES = ["viewer", "developer", "operator", "admin"];

/** Roles in words: 'developer in default, viewer everywhere'. */
export const Grants = {
  props: { grants: Array },
  setup: (properties) => () =>
    properties.grants.length === 0
      ? html`<span class="muted">none</span>`
      : html`<span class="values">${properties.grants.map(({ role, runtime_group: group }) => html`<span class="grant"><b>${role}</b> ${group ? `in ${group}` : "everywhere"}</span>`)}</span>`,
};

/** Lines of a role and where it counts; values.grants of the form, as the API has them. */
export const GrantsField = {
  props: { form: Object },
  setup(properties) {
    const groups = useLoad(() => api.all(path`/runtime-groups`));
    const grants = () => properties.form.values.grants;

    const line = (grant, i) => html`
      <div class="line grant-line" key=${i}>
        <sl-select class="bare" hoist label=${`Role ${i + 1}`} value=${grant.role} onSl-change=${(event) => (grant.role = event.target.value)}>
          ${ROLES.map((role) => html`<sl-option key=${role} value=${role}>${role}</sl-option>`)}
        </sl-select>
        <sl-select
          class="bare"
          hoist
          label=${`Where role ${i + 1} counts`}
          value=${grant.runtime_group ?? "-"}
          onSl-change=${(event) => (grant.runtime_group = event.target.value === "-" ? null : event.target.value)}
        >
          <sl-option value="-">everywhere</sl-option>
          ${(groups.data ?? []).map(({ name }) => html`<sl-option key=${name} value=${name}>in ${name}</sl-option>`)}
        </sl-select>
        <sl-icon-button name="x-lg" label=${`Remove role ${i + 1}`} onClick=${() => grants().splice(i, 1)}></sl-icon-button>
      </div>
    `;

    return () => {
      const fault = properties.form.problem?.of?.("grants");
      return html`
        <fieldset class="list-field">
          <legend>Roles</legend>
          ${grants().map(line)} ${fault && html`<p class="fault">${fault}</p>`}
          <p class="help">Each role may do what those before it may: viewer, developer, operator, admin.</p>
          <sl-button size="small" onClick=${() => grants().push({ role: "viewer", runtime_group: null })}>
            <sl-icon slot="prefix" name="plus-lg"></sl-icon>Add Role
          </sl-button>
        </fieldset>
      `;
    };
  },
};
