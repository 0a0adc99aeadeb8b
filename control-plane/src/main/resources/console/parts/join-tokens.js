// The tokens with which runtimes can join a group.
import { api, path } from "../api.js";
import { moment } from "../format.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Confirm } from "./confirm.js";
import { NotLoaded } from "./faults.js";
import { Ago, State } from "./small.js";

/** @param load of the list */
export const JoinTokens = {
  props: { group: String, load: Object },
  setup(properties) {
    const view = reactive({ revoking: null });

    async function revoke() {
      await api.delete(path`/runtime-groups/${properties.group}/tokens/${view.revoking.id}`);
      tell("Join token revoked");
      view.revoking = null;
      properties.load.reload();
    }

    function state({ expires_at: expires, uses_left: left }) {
      if (expires && Date.parse(expires) <= Date.now()) {
        return html`<${State} kind="quiet">expired<//>`;
      }
      return left === 0 ? html`<${State} kind="quiet">used up<//>` : html`<${State} kind="good">lets in ${left ?? "any number"}<//>`;
    }

    const row = (token) => html`
      <tr key=${token.id}>
        <td><span class="strong">${token.name ?? token.id}</span></td>
        <td data-label="State">${state(token)}</td>
        <td data-label="Expires" class="nowrap">${token.expires_at ? moment(token.expires_at) : "never"}</td>
        <td data-label="Made by">${token.created_by}</td>
        <td data-label="Last used" class="nowrap">${token.last_used_at ? html`<${Ago} at=${token.last_used_at} />` : html`<span class="muted">never</span>`}</td>
        <td class="right row-actions"><sl-button size="small" onClick=${() => (view.revoking = token)}>Revoke</sl-button></td>
      </tr>
    `;

    return () => {
      const { load } = properties;
      return html`
        <section class="panel" aria-labelledby="tokens">
          <header><h2 id="tokens">Join tokens</h2><span class="muted">with which runtimes can join</span></header>
          <${NotLoaded} load=${load} what="The list of join tokens" />
          ${load.data &&
          (load.data.length === 0
            ? html`<p class="muted pad">None. Add Runtime makes one.</p>`
            : html`
                <div class="table-wrap">
                  <table class="rows">
                    <thead>
                      <tr><th scope="col">Token</th><th scope="col">State</th><th scope="col">Expires</th><th scope="col">Made by</th><th scope="col">Last used</th><th scope="col"><span class="unseen">Revoke</span></th></tr>
                    </thead>
                    <tbody>${load.data.map(row)}</tbody>
                  </table>
                </div>
              `)}
        </section>
        ${view.revoking &&
        html`
          <${Confirm} label="Revoke join token" action="Revoke" run=${revoke} onClose=${() => (view.revoking = null)}>
            <p>Revoke join token <b>${view.revoking.name ?? view.revoking.id}</b>? Nobody joins with it any more; runtimes that have joined with it stay.</p>
          <//>
        `}
      `;
    };
  },
};
