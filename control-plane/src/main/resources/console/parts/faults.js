// What the API has against a request, beside what stands at the fields.
import { html } from "../ui.js";

export const Faults = {
  props: { problem: Object, fields: { type: Array, default: () => [] } },
  setup: (properties) => () => {
    const faults = properties.problem?.beside?.(properties.fields) ?? (properties.problem ? [properties.problem.message] : []);
    return faults.length === 0
      ? null
      : html`
          <div class="faults" role="alert">
            <sl-icon name="exclamation-octagon" aria-hidden="true"></sl-icon>
            <div>${faults.map((fault) => html`<p>${fault}</p>`)}</div>
          </div>
        `;
  },
};

/** In place of what could not be loaded; or, small, above what was loaded before. */
export const NotLoaded = {
  props: { load: Object, what: String },
  setup: (properties) => () => {
    const { problem, data, reload } = properties.load;
    if (!problem || (data && problem.status === 0)) {
      return null; // the banner says that the control plane is away
    }
    if (problem.status === 401) {
      return null;
    }
    return html`
      <div class="empty" role="alert">
        <sl-icon name=${problem.status === 404 ? "question-circle" : "exclamation-octagon"} aria-hidden="true"></sl-icon>
        <p class="strong">${problem.status === 404 ? "It is not there." : `${properties.what ?? "This"} could not be loaded.`}</p>
        <p class="muted">${problem.message}</p>
        <sl-button size="small" onClick=${reload}>Try again</sl-button>
      </div>
    `;
  },
};
