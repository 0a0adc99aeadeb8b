// The runtimes of a group: who they are, what they serve, whether they are heard of.
import { api, path } from "../api.js";
import { bytes, plural, rate } from "../format.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";
import { Actions } from "../parts/actions.js";
import { AddRuntime } from "../parts/add-runtime.js";
import { Confirm } from "../parts/confirm.js";
import { NotLoaded } from "../parts/faults.js";
import { GroupChoice } from "../parts/group-choice.js";
import { JoinTokens } from "../parts/join-tokens.js";
import { Ago, Loading, State } from "../parts/small.js";

const EVERY_MS = 1000;
/** Requests per second are the mean of this many seconds. */
const RATE_SECONDS = 10;
const STATE_KIND = { live: "good", stale: "bad", gone: "quiet" };

async function rates(group) {
  const status = await api.get(path`/status`, { group, by: "runtime", step: 5 });
  const end = Date.parse(status.to);
  const perSecond = {};
  status.groups.forEach(({ runtime, series }) => {
    const counted = series
      .filter(({ at }) => Date.parse(at) >= end - RATE_SECONDS * 1000 - 4999)
      .reduce((all, { codes }) => all + Object.values(codes).reduce((sum, n) => sum + n, 0), 0);
    perSecond[runtime] = counted / RATE_SECONDS;
  });
  return perSecond;
}

function sync(runtime, head) {
  if (runtime.state === "gone") {
    return html`<${State} kind="quiet">gone<//>`;
  }
  if (runtime.in_sync) {
    return html`<${State} kind="good">in sync<//>`;
  }
  return html`<${State} kind="warn">${runtime.behind > 0 ? `${runtime.behind} behind` : `not at ${head}`}<//>`;
}

function state(runtime) {
  if (runtime.revoked) {
    return html`<${State} kind="bad">revoked<//>`;
  }
  const stopping = runtime.stopping && runtime.state === "live";
  return html`<${State} kind=${stopping ? "warn" : STATE_KIND[runtime.state]}>${stopping ? "stopping" : runtime.state}<//>`;
}

const Row = {
  props: { runtime: Object, head: Object, perSecond: Number, onRemove: Function },
  setup: (properties) => () => {
    const { runtime, head } = properties;
    const { refusal, memory } = runtime;
    return html`
      <tr>
        <td>
          <div class="strong">${runtime.name}</div>
          <div class="muted small">${runtime.host} · ${runtime.version}</div>
        </td>
        <td data-label="State">${state(runtime)}</td>
        <td class="nowrap" data-label="Last seen"><${Ago} at=${runtime.last_seen} /></td>
        <td class="right" data-label="Revision">${runtime.revision}</td>
        <td data-label="Sync">${sync(runtime, head.revision)}</td>
        <td class="right" data-label="Requests/s">${runtime.state === "live" ? rate(properties.perSecond) : "–"}</td>
        <td class="right nowrap" data-label="Memory">${memory ? `${bytes(memory.used)} of ${bytes(memory.max)}` : "–"}</td>
        <td data-label="Last refusal">
          ${refusal ? html`<span class="refusal">Revision ${refusal.revision}: ${refusal.reason}</span>` : html`<span class="muted">none</span>`}
        </td>
        <td class="right row-actions">
          <${Actions}
            small
            label=${`Actions for ${runtime.name}`}
            items=${[[runtime.state === "gone" ? "Forget" : "Revoke", () => properties.onRemove(runtime), "danger"]]}
          />
        </td>
      </tr>
    `;
  },
};

export const RuntimesPage = {
  props: { group: { type: String, default: "default" } },
  setup(properties) {
    const view = reactive({ adding: false, removing: null });
    const { group } = properties;
    const load = useLoad(
      async () => {
        const [runtimes, found, perSecond] = await Promise.all([
          api.get(path`/runtime-groups/${group}/runtimes`),
          api.get(path`/runtime-groups/${group}`),
          rates(group),
        ]);
        return { runtimes: runtimes.data, group: found, perSecond };
      },
      { every: EVERY_MS },
    );

    const tokens = useLoad(() => api.all(path`/runtime-groups/${group}/tokens`));

    async function remove() {
      const { id, name, state } = view.removing;
      await api.delete(path`/runtime-groups/${group}/runtimes/${id}`);
      tell(state === "gone" ? `${name} forgotten` : `${name} revoked`);
      view.removing = null;
      load.reload();
    }

    const confirmation = ({ name, state }) =>
      state === "gone"
        ? html`
            <${Confirm} label="Forget runtime" action="Forget" run=${remove} onClose=${() => (view.removing = null)}>
              <p>Forget <b>${name}</b>? It leaves the list, and its certificates stay revoked.</p>
            <//>
          `
        : html`
            <${Confirm} label="Revoke runtime" action="Revoke" run=${remove} onClose=${() => (view.removing = null)}>
              <p>Revoke <b>${name}</b>? Control planes refuse it from its next request on. It goes on serving clients what it has, until it is stopped.</p>
            <//>
          `;

    function summary({ runtimes, group: { head } }) {
      const live = runtimes.filter(({ state }) => state === "live");
      const inSync = live.filter((runtime) => runtime.in_sync).length;
      return html`
        <p class="meta muted">
          ${plural(live.length, "runtime")} live, ${inSync} in sync with revision ${head.revision}${runtimes.length > live.length ? ` · ${runtimes.length - live.length} stale or gone` : ""}
        </p>
      `;
    }

    const table = ({ runtimes, group: { head }, perSecond }) => html`
      <div class="table-wrap panel">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Runtime</th>
              <th scope="col">State</th>
              <th scope="col">Last seen</th>
              <th scope="col" class="right">Revision</th>
              <th scope="col">Sync</th>
              <th scope="col" class="right">Requests/s</th>
              <th scope="col" class="right">Memory</th>
              <th scope="col">Last refusal</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>
            ${runtimes.map((runtime) => html`<${Row} key=${runtime.id} runtime=${runtime} head=${head} perSecond=${perSecond[runtime.id] ?? 0} onRemove=${(one) => (view.removing = one)} />`)}
          </tbody>
        </table>
      </div>
    `;

    const none = () => html`
      <div class="empty">
        <sl-icon name="hdd-stack" aria-hidden="true"></sl-icon>
        <p class="strong">No runtime has joined yet</p>
        <p class="muted">Runtimes carry the traffic. Start one, and it shows here within a second.</p>
      </div>
    `;

    return () => html`
      <header class="page-head">
        <div><h1>Runtimes</h1>${load.data && summary(load.data)}</div>
        <div class="tools">
          <${GroupChoice} section="runtimes" group=${group} />
          <sl-button variant="primary" onClick=${() => (view.adding = true)}><sl-icon slot="prefix" name="plus-lg"></sl-icon>Add Runtime</sl-button>
        </div>
      </header>
      <${NotLoaded} load=${load} what="The list of runtimes" />
      ${load.data ? (load.data.runtimes.length === 0 ? none() : table(load.data)) : !load.problem && html`<${Loading} />`}
      <${JoinTokens} group=${group} load=${tokens} />
      ${view.adding && html`<${AddRuntime} group=${group} onMade=${tokens.reload} onClose=${() => (view.adding = false)} />`}
      ${view.removing && confirmation(view.removing)}
    `;
  },
};
