// Small things that many pages have.
import { ago, classOf, moment, number, percent, sum } from "../format.js";
import { link } from "../router.js";
import { html, onBeforeUnmount, reactive } from "../ui.js";
import { CopyButton } from "./copy-button.js";

const now = reactive({ ms: Date.now() });
setInterval(() => (now.ms = Date.now()), 1000);

/** Where one is; the last crumb is the page itself. Crumbs are [text, ...segments]. */
export const Breadcrumb = {
  props: { crumbs: Array },
  setup: (properties) => () => html`
    <nav class="breadcrumb" aria-label="Breadcrumb">
      <ol>
        ${properties.crumbs.map(([text, ...segments], i) => html`
          <li>
            ${i === properties.crumbs.length - 1
              ? html`<span aria-current="page">${text}</span>`
              : segments.length > 0
                ? html`<a href=${link(...segments)}>${text}</a>`
                : html`<span>${text}</span>`}
          </li>
        `)}
      </ol>
    </nav>
  `,
};

/** How long ago, kept up to date; the moment itself in the title. */
export const Ago = {
  props: { at: String },
  setup: (properties) => () => html`<time datetime=${properties.at} title=${moment(properties.at)}>${ago(properties.at, now.ms)}</time>`,
};

/** A value with a button that copies it. */
export const Copyable = {
  props: { label: String, value: String, none: String },
  setup: (properties) => () => html`
    <div class="copyable">
      <dt>${properties.label}</dt>
      <dd>
        ${properties.value
          ? html`
              <code>${properties.value}</code>
              <${CopyButton} text=${properties.value} label=${`Copy ${properties.label}`} />
            `
          : html`<span class="muted">${properties.none}</span>`}
      </dd>
    </div>
  `,
};

/** A status code with the colour of its class. */
export const Code = {
  props: { code: [String, Number] },
  setup: (properties) => () => html`<span class=${`code c${classOf(properties.code)}xx`}>${properties.code}</span>`,
};

/** Shares of the classes as one thin bar, with the counts beside it. */
export const CodesInBrief = {
  props: { codes: Object },
  setup: (properties) => () => {
    const entries = Object.entries(properties.codes ?? {});
    if (entries.length === 0) {
      return html`<span class="muted">none</span>`;
    }
    return html`
      <span class="codes-in-brief">
        ${entries.map(([code, n]) => html`<span class="pair" title=${percent(n, sum(properties.codes))}><${Code} code=${code} /> ${number(n)}</span>`)}
      </span>
    `;
  },
};

/** A word with a dot: live, stale, in sync … */
export const State = {
  props: { kind: String },
  setup: (properties, { slots }) => () => html`<span class=${`state ${properties.kind}`}>${slots.default?.()}</span>`,
};

/** Requests over time in a few pixels; bars, the oldest left. */
export const Sparkline = {
  props: { series: Array, label: String },
  setup: (properties) => () => {
    const series = properties.series ?? [];
    const most = Math.max(1, ...series);
    const width = 96 / Math.max(1, series.length);
    return html`
      <svg class="sparkline" viewBox="0 0 96 24" preserveAspectRatio="none" role="img" aria-label=${properties.label}>
        <line class="ground" x1="0" x2="96" y1="23.5" y2="23.5" />
        ${series.map((n, i) => {
          const height = n === 0 ? 0 : Math.max(2, (22 * n) / most);
          return html`<rect x=${i * width + 0.5} y=${23 - height} width=${width - 1} height=${height} rx="0.8" />`;
        })}
      </svg>
    `;
  },
};

/** A number with what it is. */
export const Figure = {
  props: { label: String, value: String, kind: String },
  setup: (properties, { slots }) => () => html`
    <div class=${`figure ${properties.kind ?? ""}`}>
      <dt>${properties.label}</dt>
      <dd>${properties.value}${slots.default?.()}</dd>
    </div>
  `,
};

/** Ticks once a second while it is used. */
export function useSeconds(action) {
  const timer = setInterval(action, 1000);
  onBeforeUnmount(() => clearInterval(timer));
}

export const Loading = {
  setup: () => () => html`<div class="loading"><sl-spinner></sl-spinner><span class="muted">Loading …</span></div>`,
};

/** One of a few choices, all in sight. Choices are [value, text]. */
export const Choice = {
  props: { label: String, choices: Array, value: [String, Number], onChoose: Function },
  setup: (properties) => () => html`
    <div class="choice" role="group" aria-label=${properties.label}>
      ${properties.choices.map(
        ([value, text]) => html`
          <button
            type="button"
            aria-pressed=${String(value === properties.value)}
            onClick=${() => properties.onChoose(value)}
          >
            ${text}
          </button>
        `,
      )}
    </div>
  `,
};
