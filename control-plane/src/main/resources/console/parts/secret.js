// A secret that has just been made, shown this once.
import { html } from "../ui.js";
import { CopyButton } from "./copy-button.js";
import { Dialog } from "./dialog.js";

export const Secret = {
  props: { label: String, value: String, onClose: Function },
  setup: (properties, { slots }) => () => html`
    <${Dialog} label=${properties.label} wide onClose=${properties.onClose}>
      <div class="stack">
        <p>${slots.default?.()} It is shown this once; afterwards nobody can read it.</p>
        <${Command} label=${properties.label} text=${properties.value} />
        <div class="dialog-actions"><sl-button variant="primary" onClick=${properties.onClose}>Done</sl-button></div>
      </div>
    <//>
  `,
};

/** A text to be copied. */
export const Command = {
  props: { label: String, text: String },
  setup: (properties) => () => html`
    <div class="command">
      <pre tabindex="0" aria-label=${properties.label}>${properties.text}</pre>
      <${CopyButton} text=${properties.text} label=${`Copy: ${properties.label}`} />
    </div>
  `,
};
