// How one more runtime is started.
import { html } from "../ui.js";
import { Dialog } from "./dialog.js";
import { Command } from "./secret.js";

export const AddRuntime = {
  props: { group: String, onClose: Function },
  setup(properties) {
    const quickstart = "deploy/quickstart --add-runtime";
    const command = [
      `SLUICE_CONTROL_PLANES=http://${location.hostname}:8005 \\`,
      `SLUICE_GROUP=${properties.group} \\`,
      "SLUICE_RUNTIME_TOKEN_FILE=/path/to/runtime-token \\",
      "java -jar data-plane/target/data-plane.jar",
    ].join("\n");

    return () => html`
      <${Dialog} label="Add Runtime" wide onClose=${properties.onClose}>
        <div class="stack">
          <h3>Beside the quickstart, on this machine</h3>
          <${Command} label="Command beside the quickstart" text=${quickstart} />
          <h3>Anywhere</h3>
          <${Command} label="Command" text=${command} />
          <p class="muted">It shows in the list within a second of its start, and serves the newest revision at once.</p>
        </div>
      <//>
    `;
  },
};
