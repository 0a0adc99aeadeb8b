// Add Upstream and Edit Upstream: its balancing, its health checks, its limits. Statuses and the like stay with the API.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { tell } from "../toasts.js";
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";
import { SelectField, tags, TextField, typedNumber, useForm } from "./form.js";

const ALGORITHMS = [
  ["round-robin", "Round-robin"],
  ["least-connections", "Least connections"],
  ["consistent-hashing", "Consistent hashing"],
  ["latency", "Latency"],
];
const HASH_ON = [
  ["none", "nothing"],
  ["ip", "IP address of the client"],
  ["header", "header"],
  ["cookie", "cookie"],
  ["path", "path"],
  ["query_arg", "query parameter"],
  ["uri_capture", "group of the route’s expression"],
];
/** The field that names what is hashed on. */
const HASH_NAMES = { header: "hash_on_header", cookie: "hash_on_cookie", query_arg: "hash_on_query_arg", uri_capture: "hash_on_uri_capture" };
const CHECKS = [["http", "http"], ["https", "https"], ["tcp", "tcp"], ["grpc", "grpc"], ["grpcs", "grpcs"]];

/** Values of the form and where they are in an upstream; the API names its faults by that. */
const NUMBERS = {
  slow_start: "slow_start",
  max_requests: "max_requests",
  max_pending_requests: "max_pending_requests",
  threshold: "healthchecks.threshold",
  passive_tcp: "healthchecks.passive.unhealthy.tcp_failures",
  passive_timeouts: "healthchecks.passive.unhealthy.timeouts",
  passive_http: "healthchecks.passive.unhealthy.http_failures",
  active_timeout: "healthchecks.active.timeout",
  active_healthy_interval: "healthchecks.active.healthy.interval",
  active_successes: "healthchecks.active.healthy.successes",
  active_unhealthy_interval: "healthchecks.active.unhealthy.interval",
  active_tcp: "healthchecks.active.unhealthy.tcp_failures",
  active_timeouts: "healthchecks.active.unhealthy.timeouts",
  active_http: "healthchecks.active.unhealthy.http_failures",
};
const TEXTS = {
  name: "name",
  algorithm: "algorithm",
  hash_on: "hash_on",
  hash_on_header: "hash_on_header",
  hash_on_cookie: "hash_on_cookie",
  hash_on_query_arg: "hash_on_query_arg",
  hash_on_uri_capture: "hash_on_uri_capture",
  host_header: "host_header",
  active_type: "healthchecks.active.type",
  active_path: "healthchecks.active.http_path",
};
const DEFAULTS = { algorithm: "round-robin", hash_on: "none", active_type: "http", active_path: "/", active_timeout: 1 };
/** Without a value these have none, the others zero. */
const MAY_BE_NONE = ["max_requests", "max_pending_requests"];

const within = (thing, at) => at.split(".").reduce((found, name) => found?.[name], thing);

function put(thing, at, value) {
  const names = at.split(".");
  const last = names.pop();
  names.reduce((found, name) => (found[name] ??= {}), thing)[last] = value;
}

function valuesOf(upstream) {
  const values = { runtime_group: "default", tags: (upstream?.tags ?? []).join(", ") };
  Object.entries({ ...NUMBERS, ...TEXTS }).forEach(([name, at]) => {
    values[name] = within(upstream, at) ?? DEFAULTS[name] ?? (name in TEXTS || MAY_BE_NONE.includes(name) ? "" : 0);
  });
  return values;
}

function upstreamOf(values) {
  const upstream = { tags: tags(values.tags) };
  Object.entries(TEXTS).forEach(([name, at]) => put(upstream, at, String(values[name]).trim() || null));
  Object.entries(NUMBERS).forEach(([name, at]) => {
    const typed = String(values[name]).trim();
    put(upstream, at, typed === "" ? (MAY_BE_NONE.includes(name) ? null : 0) : typedNumber(typed));
  });
  if (upstream.algorithm !== "consistent-hashing") {
    upstream.hash_on = "none";
    upstream.hash_fallback = "none";
  }
  return upstream;
}

export const UpstreamDialog = {
  props: { upstream: Object, etag: String, onClose: Function, onDone: Function },
  setup(properties) {
    const { upstream, etag } = properties;
    const form = useForm(valuesOf(upstream));
    const groups = useLoad(() => api.all(path`/runtime-groups`));
    const title = upstream ? "Edit Upstream" : "Add Upstream";
    const fields = [...Object.values(NUMBERS), ...Object.values(TEXTS), "runtime_group", "tags"];

    async function save(event) {
      event.preventDefault();
      const body = upstreamOf(form.values);
      let saved;
      const sent = await form.submit(async () => {
        saved = upstream
          ? await api.patch(path`/upstreams/${upstream.id}`, body, etag)
          : await api.post("/v1/upstreams", { ...body, runtime_group: form.values.runtime_group });
      });
      if (sent) {
        tell(upstream ? "Upstream saved" : "Upstream added");
        properties.onDone(saved);
      }
    }

    const number = (name, label, suffix, help) =>
      html`<${TextField} form=${form} name=${name} field=${NUMBERS[name]} label=${label} type="number" suffix=${suffix} help=${help} />`;
    const pair = (...two) => html`<div class="pair-of-fields">${two}</div>`;

    const hashing = () => html`
      <${SelectField} form=${form} name="hash_on" label="Hash On" options=${HASH_ON} help="Equal ones go to the same target." />
      ${HASH_NAMES[form.values.hash_on] &&
      html`<${TextField} key=${form.values.hash_on} form=${form} name=${HASH_NAMES[form.values.hash_on]} label="Its Name" />`}
    `;

    const checks = () => html`
      <sl-details summary="Health Checks" open=${fields.some((field) => field.startsWith("healthchecks") && form.problem?.of?.(field))}>
        <div class="stack">
          ${number("threshold", "Threshold", "%", "Of the weight that must be healthy; where less is, clients get 503.")}
          <h3>Passive: by the answers that clients get</h3>
          ${pair(number("passive_tcp", "Broken Connections", null, "In a row, until a target is out; 0 for never."), number("passive_timeouts", "Timeouts in a Row"))}
          ${number("passive_http", "Failures by Status in a Row", null, "429, 500 and 503, where the API says no others.")}
          <h3>Active: each runtime asks</h3>
          ${pair(
            html`<${SelectField} form=${form} name="active_type" field=${TEXTS.active_type} label="By" options=${CHECKS} />`,
            html`<${TextField} form=${form} name="active_path" field=${TEXTS.active_path} label="Path Asked For" />`,
          )}
          ${number("active_timeout", "Timeout of a Check", "s")}
          ${pair(
            number("active_healthy_interval", "Interval while Healthy", "s", "0 for no checks."),
            number("active_unhealthy_interval", "Interval while Unhealthy", "s"),
          )}
          ${pair(number("active_successes", "Successes until Healthy"), number("active_http", "Failed Checks until Unhealthy"))}
          ${pair(number("active_tcp", "Refused Checks until Unhealthy"), number("active_timeouts", "Late Checks until Unhealthy"))}
        </div>
      </sl-details>
    `;

    return () => html`
      <${Dialog} label=${title} wide busy=${form.busy} onClose=${properties.onClose}>
        <form class="stack" onSubmit=${save}>
          <${TextField} form=${form} name="name" label="Name" placeholder="orders.upstream" help="What implementations have as their host." autofocus />
          ${!upstream &&
          groups.data?.length > 1 &&
          html`<${SelectField} form=${form} name="runtime_group" label="Runtime Group" options=${groups.data.map(({ name }) => [name, name])} />`}
          <${SelectField} form=${form} name="algorithm" label="Algorithm" options=${ALGORITHMS} help="How targets share requests, by weight." />
          ${form.values.algorithm === "consistent-hashing" && hashing()}
          ${checks()}
          <sl-details summary="Limits and Host" open=${["slow_start", ...MAY_BE_NONE, "host_header"].some((field) => form.problem?.of?.(field))}>
            <div class="stack">
              ${pair(number("max_requests", "Requests at a Target", null, "At once, from one runtime; none for no limit."), number("max_pending_requests", "Of Them without Connection"))}
              ${number("slow_start", "Slow Start", "s", "Until a target that comes gets its full share.")}
              <${TextField} form=${form} name="host_header" label="Host Header" placeholder="orders.example.com" help="None for the address of the target." />
            </div>
          </sl-details>
          <${TextField} form=${form} name="tags" label="Tags" placeholder="public, eu" />
          <${Faults} problem=${form.problem} fields=${fields} />
          <div class="dialog-actions">
            <sl-button onClick=${properties.onClose}>Cancel</sl-button>
            <sl-button type="submit" variant="primary" loading=${form.busy}>${upstream ? "Save" : "Create"}</sl-button>
          </div>
        </form>
      <//>
    `;
  },
};
