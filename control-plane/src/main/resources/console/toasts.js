// Short words about what has been done; they go by themselves. Read out by screen readers.
import { html, reactive } from "./ui.js";

const STAY_MS = 5000;
const toasts = reactive([]);
let made = 0;

export function tell(text, kind = "done") {
  const toast = { id: ++made, text, kind };
  toasts.push(toast);
  setTimeout(() => dismiss(toast.id), STAY_MS);
}

function dismiss(id) {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) {
    toasts.splice(index, 1);
  }
}

export const Toasts = {
  setup: () => () => html`
    <div class="toasts" role="status" aria-live="polite">
      ${toasts.map(
        (toast) => html`
          <div class=${`toast ${toast.kind}`} key=${toast.id}>
            <sl-icon name=${toast.kind === "done" ? "check-circle" : "exclamation-triangle"} aria-hidden="true"></sl-icon>
            <span>${toast.text}</span>
          </div>
        `,
      )}
    </div>
  `,
};
