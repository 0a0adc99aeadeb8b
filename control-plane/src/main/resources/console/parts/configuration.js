// The configuration of something as the API has it, to read and to copy.
import { html } from "../ui.js";
import { CopyButton } from "./copy-button.js";
import { Dialog } from "./dialog.js";

export const Configuration = {
  props: { label: String, value: Object, onClose: Function },
  setup: (properties) => () => {
    const text = JSON.stringify(properties.value, null, 2);
    return html`
      <${Dialog} label=${properties.label} wide onClose=${properties.onClose}>
        <div class="configuration">
          <${CopyButton} text=${text} label="Copy the configuration" />
          <pre tabindex="0" aria-label=${properties.label}>${text}</pre>
        </div>
      <//>
    `;
  },
};
