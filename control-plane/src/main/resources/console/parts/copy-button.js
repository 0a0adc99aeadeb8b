// Copies a text. The clipboard is there for pages of this machine and under TLS alone; elsewhere the old way serves.
import { tell } from "../toasts.js";
import { html, reactive } from "../ui.js";

const DONE_MS = 1500;

async function copy(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text);
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) {
    throw new Error("The browser does not let it be copied.");
  }
}

export const CopyButton = {
  props: { text: String, label: String },
  setup(properties) {
    const state = reactive({ done: false });

    async function run() {
      try {
        await copy(properties.text);
        state.done = true;
        setTimeout(() => (state.done = false), DONE_MS);
      } catch (failure) {
        tell(failure.message, "failed");
      }
    }

    return () => html`
      <sl-tooltip content=${state.done ? "Copied" : properties.label}>
        <sl-icon-button
          class=${`copy ${state.done ? "done" : ""}`}
          name=${state.done ? "check-lg" : "copy"}
          label=${properties.label}
          onClick=${run}
        ></sl-icon-button>
      </sl-tooltip>
    `;
  },
};
