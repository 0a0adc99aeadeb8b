// Signing in: the first time on a page of its own, later, when a session has ended, above the page that was open.
import { session, signIn, signOut } from "../session.js";
import { html, reactive } from "../ui.js";
import { Dialog } from "../parts/dialog.js";

const Form = {
  setup() {
    const form = reactive({ token: "", fault: null, busy: false });

    async function submit(event) {
      event.preventDefault();
      if (form.busy || form.token.trim() === "") {
        return;
      }
      form.busy = true;
      form.fault = await signIn(form.token.trim());
      form.busy = false;
    }

    return () => html`
      <form class="stack" onSubmit=${submit}>
        <sl-input
          label="API token"
          type="password"
          password-toggle
          autocomplete="current-password"
          autofocus
          value=${form.token}
          onSl-input=${(event) => (form.token = event.target.value)}
          class=${form.fault ? "invalid" : ""}
          help-text=${form.fault ?? "The first start of the control plane prints one; the quickstart shows it too."}
        ></sl-input>
        <sl-button type="submit" variant="primary" loading=${form.busy}>Sign in</sl-button>
      </form>
    `;
  },
};

export const SignIn = {
  setup: () => () => html`
    <main class="sign-in">
      <div class="panel">
        <img src=${new URL("../icon.svg", import.meta.url).href} alt="" width="40" height="40" />
        <h1>Sign in to Sluice</h1>
        <${Form} />
      </div>
    </main>
  `,
};

export const SignInAgain = {
  setup: () => () => html`
    <${Dialog} label="Your session has ended" onClose=${signOut}>
      <p class="muted">Sign in again to go on where you were; nothing that you typed is lost.</p>
      <${Form} key=${session.serial} />
    <//>
  `,
};
