// Pages of a list whose answers name the next one.
import { html, reactive } from "../ui.js";

export function usePages() {
  const pages = reactive({ afters: [null] });
  return {
    after: () => pages.afters.at(-1),
    number: () => pages.afters.length,
    first: () => (pages.afters = [null]),
    previous: () => pages.afters.pop(),
    next: (after) => pages.afters.push(after),
  };
}

export const Pager = {
  props: { pages: Object, next: String },
  setup: (properties) => () => {
    const { pages, next } = properties;
    if (pages.number() === 1 && !next) {
      return null;
    }
    return html`
      <nav class="pager" aria-label="Pages">
        <sl-button size="small" disabled=${pages.number() === 1} onClick=${() => pages.previous()}>
          <sl-icon slot="prefix" name="chevron-left"></sl-icon>Previous
        </sl-button>
        <span class="muted">Page ${pages.number()}</span>
        <sl-button size="small" disabled=${!next} onClick=${() => pages.next(next)}>
          Next<sl-icon slot="suffix" name="chevron-right"></sl-icon>
        </sl-button>
      </nav>
    `;
  },
};
