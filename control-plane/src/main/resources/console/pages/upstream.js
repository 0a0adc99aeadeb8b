// One upstream: its targets, and how each runtime finds them, live.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { goInstead } from "../router.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { Configuration } from "../parts/configuration.js";
import { Confirm } from "../parts/confirm.js";
import { NotLoaded } from "../parts/faults.js";
import { Ago, Breadcrumb, Loading, State } from "../parts/small.js";
import { TargetDialog } from "../parts/target-dialog.js";
import { UpstreamDialog } from "../parts/upstream-dialog.js";

const EVERY_MS = 1000;
const KIND = { healthy: "good", unhealthy: "bad", dns_error: "bad", healthchecks_off: "quiet", unknown: "warn" };
const TEXT = { dns_error: "no address", healthchecks_off: "not checked" };

function facts({ algorithm, hash_on, host_header, healthchecks, slow_start, max_requests, tags }) {
  const { active, passive } = healthchecks;
  const isPassive = ["tcp_failures", "timeouts", "http_failures"].some((name) => passive.unhealthy[name] > 0);
  const isActive = active.healthy.interval > 0 || active.unhealthy.interval > 0;
  const checks = [isPassive && "passive", isActive && `active by ${active.type}`].filter(Boolean);
  return [
    ["Algorithm", algorithm],
    algorithm === "consistent-hashing" && ["Hash On", hash_on],
    ["Health Checks", checks.join(", ") || "none"],
    healthchecks.threshold > 0 && ["Threshold", `${healthchecks.threshold} %`],
    host_header && ["Host Header", host_header],
    slow_start > 0 && ["Slow Start", `${slow_start} s`],
    max_requests && ["Requests at a Target", max_requests],
    tags.length > 0 && ["Tags", tags.join(", ")],
  ].filter(Boolean);
}

/** Every runtime by name, where they differ or are few; else how many find it so. */
function found({ unhealthy, weight, runtimes }) {
  if (unhealthy) {
    return html`<${State} kind="bad">taken out<//>`;
  }
  if (runtimes.length === 0) {
    return html`<span class="muted">no runtime</span>`;
  }
  return html`
    <ul>
      ${runtimes.map(
        ({ id, name, state }) => html`<li key=${id}><${State} kind=${KIND[state] ?? "warn"}>${TEXT[state] ?? state}<//> <span class="muted small">${name}</span></li>`,
      )}
    </ul>
    ${weight === 0 && html`<span class="muted small">draining</span>`}
  `;
}

export const UpstreamPage = {
  props: { upstream: String },
  setup(properties) {
    const at = path`/upstreams/${properties.upstream}`;
    const view = reactive({ dialog: null, target: null });
    const load = useLoad(() => api.read(at));
    const targets = useLoad(() => api.all(at + "/health"), { every: EVERY_MS });
    const open = (dialog, target = null) => Object.assign(view, { dialog, target });
    const close = () => open(null);

    function done() {
      close();
      load.reload();
      targets.reload();
    }

    /** What was chosen from a menu; there is no form to show why it was refused. */
    async function attempt(action) {
      try {
        await action();
      } catch (problem) {
        tell(problem.message, "problem");
      }
    }

    const edit = (target) =>
      attempt(async () => open("target", await api.get(path`/upstreams/${properties.upstream}/targets/${target.id}`)));

    const say = (target, word) =>
      attempt(async () => {
        await api.put(path`/upstreams/${properties.upstream}/targets/${target.id}/` + word);
        tell(`${target.target} set ${word}`);
        targets.reload();
      });

    async function removeTarget() {
      await api.delete(path`/upstreams/${properties.upstream}/targets/${view.target.id}`);
      tell("Target deleted");
      done();
    }

    async function remove() {
      await api.delete(at, load.data.etag);
      tell("Upstream deleted");
      goInstead("upstreams");
    }

    const row = (target) => html`
      <tr key=${target.id}>
        <td class="strong">${target.target}</td>
        <td class="right" data-label="Weight">${target.weight}</td>
        <td data-label="Health">${found(target)}</td>
        <td class="right row-actions">
          <${Actions}
            small
            label=${`Actions for target ${target.target}`}
            items=${[
              ["Edit target", () => edit(target)],
              ["Set healthy", () => say(target, "healthy")],
              !target.unhealthy && ["Set unhealthy", () => say(target, "unhealthy")],
              ["Delete target", () => open("delete-target", target), "danger"],
            ]}
          />
        </td>
      </tr>
    `;

    const table = (rows) => html`
      <div class="table-wrap">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col" class="right">Weight</th>
              <th scope="col">Health</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>${rows.map(row)}</tbody>
        </table>
      </div>
    `;

    const dialogs = ({ value, etag }) => html`
      ${view.dialog === "edit" && html`<${UpstreamDialog} upstream=${value} etag=${etag} onClose=${close} onDone=${done} />`}
      ${view.dialog === "view" && html`<${Configuration} label=${value.name} value=${value} onClose=${close} />`}
      ${view.dialog === "target" && html`<${TargetDialog} upstream=${value} target=${view.target} onClose=${close} onDone=${done} />`}
      ${view.dialog === "delete" &&
      html`
        <${Confirm} label="Delete Upstream" action="Delete" run=${remove} onClose=${close}>
          <p>Delete <b>${value.name}</b> and its targets? It is refused while it is the host of an implementation.</p>
        <//>
      `}
      ${view.dialog === "delete-target" &&
      html`
        <${Confirm} label="Delete Target" action="Delete" run=${removeTarget} onClose=${close}>
          <p>Delete <b>${view.target.target}</b>? With weight 0 it would end its requests first.</p>
        <//>
      `}
    `;

    const page = ({ value }) => html`
      <header class="page-head">
        <div>
          <h1>${value.name}</h1>
          <p class="meta muted">Runtime group ${value.runtime_group} · Modified <${Ago} at=${value.updated_at} /></p>
        </div>
        <div class="tools">
          <${Actions}
            items=${[
              ["View configuration", () => open("view")],
              ["Edit upstream", () => open("edit")],
              ["Delete upstream", () => open("delete"), "danger"],
            ]}
          />
        </div>
      </header>
      <section class="panel" aria-labelledby="facts">
        <header><h2 id="facts">Balancing</h2></header>
        <dl class="facts">
          ${facts(value).map(([name, text]) => html`<div key=${name}><dt>${name}</dt><dd><code>${text}</code></dd></div>`)}
        </dl>
      </section>
      <section class="panel" aria-labelledby="targets">
        <header>
          <h2 id="targets">Targets</h2>
          <span class="muted">and how each runtime finds them</span>
          <div class="tools">
            <sl-button size="small" onClick=${() => open("target")}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add Target</sl-button>
          </div>
        </header>
        <${NotLoaded} load=${targets} what="Targets" />
        ${targets.data
          ? targets.data.length === 0
            ? html`<p class="muted pad">No targets yet: requests are answered 503.</p>`
            : table(targets.data)
          : !targets.problem && html`<${Loading} />`}
      </section>
      ${dialogs(load.data)}
    `;

    return () => html`
      <${Breadcrumb} crumbs=${[["Upstreams", "upstreams"], [load.data?.value.name ?? properties.upstream]]} />
      <${NotLoaded} load=${load} what="This upstream" />
      ${load.data ? page(load.data) : !load.problem && html`<${Loading} />`}
    `;
  },
};
