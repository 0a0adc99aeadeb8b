// The fields of a route: in the second step of a new implementation, and in a dialog of their own.
import { html } from "../ui.js";
import { ListField, SelectField, SwitchField, tags, TextArea, TextField, typedNumber, words } from "./form.js";

/** What is typed for a new route: names are the form's own, so that both steps fit in one form. */
export function routeValues(route = {}) {
  return {
    routeName: route.name ?? "",
    methods: (route.methods ?? []).join(", "),
    paths: [...(route.paths ?? [])],
    hosts: (route.hosts ?? []).join(", "),
    protocols: (route.protocols ?? ["http", "https"]).join(","),
    headers: headerLines(route.headers ?? {}),
    snis: (route.snis ?? []).join(", "),
    strip_path: route.strip_path ?? true,
    preserve_host: route.preserve_host ?? false,
    path_match: route.path_match ?? "prefix",
    path_handling: route.path_handling ?? "v0",
    regex_priority: route.regex_priority ?? 0,
    https_redirect_status_code: String(route.https_redirect_status_code ?? 426),
    request_buffering: route.request_buffering ?? true,
    response_buffering: route.response_buffering ?? true,
    routeTags: (route.tags ?? []).join(", "),
  };
}

/** The route for the API. Empty lines are taken away first, so that the API counts lines as the form does. */
export function routeOf(values) {
  values.paths = values.paths.map((line) => line.trim()).filter(Boolean);
  return {
    name: values.routeName.trim() || null,
    methods: words(values.methods.toUpperCase()),
    paths: [...values.paths],
    hosts: words(values.hosts),
    protocols: values.protocols.split(","),
    headers: headersOf(values.headers),
    snis: words(values.snis),
    strip_path: values.strip_path && !values.protocols.startsWith("grpc"), // a gRPC path is the method
    preserve_host: values.preserve_host,
    path_match: values.path_match,
    path_handling: values.path_handling,
    regex_priority: typedNumber(values.regex_priority),
    https_redirect_status_code: Number(values.https_redirect_status_code),
    request_buffering: values.request_buffering,
    response_buffering: values.response_buffering,
    tags: tags(values.routeTags),
  };
}

export const ROUTE_FIELDS = [
  "name", "methods", "paths", "hosts", "protocols", "headers", "snis", "path_match", "path_handling", "regex_priority",
  "https_redirect_status_code", "tags",
];

const ADVANCED = ["protocols", "headers", "snis", "path_match", "path_handling", "regex_priority", "https_redirect_status_code", "tags"];

export function headerLines(headers) {
  return Object.entries(headers).map(([name, values]) => `${name}: ${values.join(", ")}`).join("\n");
}

/** Lines 'name: value, value' as an object of lists. */
export function headersOf(text) {
  const headers = {};
  text.split("\n").map((line) => line.trim()).filter(Boolean).forEach((line) => {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon).trim();
    const values = colon < 0 ? [] : line.slice(colon + 1).split(",").map((value) => value.trim()).filter(Boolean);
    headers[name] = [...(headers[name] ?? []), ...values];
  });
  return headers;
}

export const RouteFields = {
  props: { form: Object, within: { type: String, default: "" } },
  setup: (properties) => () => {
    const { form, within } = properties;
    const field = (name) => within + name;
    const openAdvanced = ADVANCED.some((name) => form.problem?.of?.(field(name)));
    return html`
      <${TextField} form=${form} name="routeName" field=${field("name")} label="Name" placeholder="mockbin" help="Unique within the runtime group." autofocus />
      <${TextField} form=${form} name="methods" field=${field("methods")} label="Method" placeholder="GET, POST" help="Optional; none means every method." />
      <${ListField} form=${form} name="paths" field=${field("paths")} label="Path" add="Add Path" placeholder="/mock" help="A prefix such as /mock, or a regular expression that begins with ~/." />
      <${TextField} form=${form} name="hosts" field=${field("hosts")} label="Hosts" placeholder="api.example.com, *.example.org" help="Optional; none means every host." />
      <sl-details summary="View Advanced Fields" open=${openAdvanced}>
        <div class="stack">
          <${SelectField} form=${form} name="protocols" field=${field("protocols")} label="Protocols" options=${[["http,https", "http and https"], ["http", "http only"], ["https", "https only"], ["grpc,grpcs", "grpc and grpcs"], ["grpc", "grpc only"], ["grpcs", "grpcs only"]]} />
          <${SelectField} form=${form} name="https_redirect_status_code" field=${field("https_redirect_status_code")} label="HTTPS Redirect Status Code" help="The answer to plain http on a route that is https only." options=${["426", "301", "302", "307", "308"].map((code) => [code, code])} />
          <${TextArea} form=${form} name="headers" field=${field("headers")} label="Headers" placeholder="x-tenant: blue, green" help="One header a line, with the values that are accepted." />
          <${TextField} form=${form} name="snis" field=${field("snis")} label="SNIs" placeholder="api.example.com" />
          <div class="switches">
            <${SwitchField} form=${form} name="strip_path" label="Strip Path" help="Takes the matched path off before the request goes upstream." />
            <${SwitchField} form=${form} name="preserve_host" label="Preserve Host" help="Sends the client's Host upstream rather than the upstream's own." />
            <${SwitchField} form=${form} name="request_buffering" label="Request Buffering" />
            <${SwitchField} form=${form} name="response_buffering" label="Response Buffering" />
          </div>
          <div class="pair-of-fields">
            <${SelectField} form=${form} name="path_match" field=${field("path_match")} label="Path Match" help="Whether /mock matches /mockery too." options=${[["prefix", "prefix"], ["segment", "whole segments"]]} />
            <${SelectField} form=${form} name="path_handling" field=${field("path_handling")} label="Path Handling" options=${[["v0", "v0"], ["v1", "v1"]]} />
          </div>
          <div class="pair-of-fields">
            <${TextField} form=${form} name="regex_priority" field=${field("regex_priority")} label="Regex Priority" type="number" help="Among regular expressions the higher is tried first." />
            <${TextField} form=${form} name="routeTags" field=${field("tags")} label="Tags" placeholder="public, eu" />
          </div>
        </div>
      </sl-details>
    `;
  },
};
