// Asks before something is lost.
import { html, reactive } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Faults } from "./faults.js";

export const Confirm = {
  props: { label: String, action: String, run: Function, onClose: Function, harmless: Boolean },
  setup(properties, { slots }) {
    const state = reactive({ busy: false, problem: null });

    async function confirm() {
      state.busy = true;
      try {
        await properties.run();
      } catch (problem) {
        state.problem = problem;
        state.busy = false;
      }
    }

    return () => html`
      <${Dialog} label=${properties.label} busy=${state.busy} wide=${properties.harmless} onClose=${properties.onClose}>
        <div class="stack">${slots.default?.()} <${Faults} problem=${state.problem} /></div>
        <div class="dialog-actions">
          <sl-button onClick=${properties.onClose}>Cancel</sl-button>
          <sl-button
            variant=${properties.harmless ? "primary" : "danger"}
            loading=${state.busy}
            onClick=${confirm}
            autofocus
          >
            ${properties.action}
          </sl-button>
        </div>
      <//>
    `;
  },
};
