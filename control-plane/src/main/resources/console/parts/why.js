// "Why?": which route a request would reach, what would be sent upstream, and why the others lost.
import { api, path } from "../api.js";
import { number } from "../format.js";
import { html } from "../ui.js";
import { Faults } from "./faults.js";
import { SelectField, TextArea, TextField, useForm } from "./form.js";
import { headersOf } from "./route-fields.js";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const FIELDS = ["method", "scheme", "host", "path", "headers"];
const SCHEME_WORDS = {
  https_required: "The route is https only: the answer is 426.",
  redirect_to_https: "The route is https only: the client is redirected.",
};

const Answer = {
  props: { answer: Object },
  setup: (properties) => () => {
    const { winner, losers, upstream_uri: uri, total_losers: all } = properties.answer;
    return html`
      <div class="why-answer" aria-live="polite">
        ${winner
          ? html`
              <div class="verdict good">
                <sl-icon name="check-circle" aria-hidden="true"></sl-icon>
                <div>
                  <p>Reaches route <b>${winner.name ?? winner.route_id}</b>${winner.matched_path && html` by its path <code>${winner.matched_path}</code>`}.</p>
                  ${uri ? html`<p>Sent upstream: <code>${uri}</code></p>` : html`<p>Its version has no implementation: the answer is 503.</p>`}
                  ${SCHEME_WORDS[winner.scheme_check] && html`<p>${SCHEME_WORDS[winner.scheme_check]}</p>`}
                  ${(winner.warnings ?? []).map((warning) => html`<p class="muted">${warning}</p>`)}
                </div>
              </div>
            `
          : html`
              <div class="verdict bad">
                <sl-icon name="x-circle" aria-hidden="true"></sl-icon>
                <p>No route matches: the runtime answers <b>404</b>.</p>
              </div>
            `}
        ${losers.length > 0 &&
        html`
          <h3>Why the others lost</h3>
          <ul class="losers">
            ${losers.map((loser) => html`<li key=${loser.route_id}><b>${loser.name ?? loser.route_id}</b> <span>${loser.reason}</span></li>`)}
          </ul>
          ${all > losers.length && html`<p class="muted">and ${number(all - losers.length)} further routes</p>`}
        `}
      </div>
    `;
  },
};

export const Why = {
  props: { group: String, path: { type: String, default: "" } },
  setup(properties) {
    const form = useForm({ method: "GET", scheme: "http", host: "", path: properties.path, headers: "" });

    async function ask(event) {
      event.preventDefault();
      const { method, scheme, host, path: wanted, headers } = form.values;
      const body = { method, scheme, host: host.trim() || null, path: wanted.trim(), headers: headersOf(headers) };
      await form.submit(async () => {
        form.answer = await api.post(path`/runtime-groups/${properties.group}/match`, body);
      });
    }

    return () => html`
      <form class="why" onSubmit=${ask}>
        <div class="why-fields">
          <${SelectField} form=${form} name="method" label="Method" options=${METHODS.map((method) => [method, method])} />
          <${SelectField} form=${form} name="scheme" label="Scheme" options=${[["http", "http"], ["https", "https"]]} />
          <${TextField} form=${form} name="host" label="Host" placeholder="api.example.com" />
          <${TextField} form=${form} name="path" label="Path" placeholder="/mock/request?x=1" />
        </div>
        <${TextArea} form=${form} name="headers" label="Headers" rows=${1} placeholder="x-tenant: blue" />
        <${Faults} problem=${form.problem} fields=${FIELDS} />
        <div><sl-button type="submit" loading=${form.busy}>Why?</sl-button></div>
        ${form.answer && html`<${Answer} answer=${form.answer} />`}
      </form>
    `;
  },
};
