// Signing in: the first time on a page of its own, later, when a session has ended, above the page that was open.
import { session, signIn, signOut } from "../session.js";
import { html, reactive } from "../ui.js";
import { Dialog } from "../parts/dialog.js";
import { Choice } from "../parts/small.js";

const KEY = "sluice.sign-in";
const WAYS = [
  ["token", "API token"],
  ["user", "User"],
];

const Form = {
  setup() {
    const form = reactive({
      way: localStorage.getItem(KEY) === "user" ? "user" : "token",
      token: "",
      user: "",
      password: "",
      fault: null,
      busy: false,
    });

    function choose(way) {
      form.way = way;
      form.fault = null;
      localStorage.setItem(KEY, way);
    }

    async function submit(event) {
      event.preventDefault();
      if (form.busy) {
        return;
      }
      form.busy = true;
      const { way, token, user, password } = form;
      form.fault = await signIn(way === "token" ? { token: token.trim() } : { user: user.trim(), password });
      form.busy = false;
    }

    const input = (name, label, type, completes, autofocus) => html`
      <sl-input
        key=${name}
        label=${label}
        type=${type}
        password-toggle=${type === "password" ? "" : null}
        autocomplete=${completes}
        autocapitalize="off"
        ^autofocus=${autofocus ? "" : null}
        autofocus=${autofocus}
        value=${form[name]}
        onSl-input=${(event) => (form[name] = event.target.value)}
      ></sl-input>
    `;

    return () => html`
      <form class="stack" onSubmit=${submit}>
        <div><${Choice} label="Sign in with" choices=${WAYS} value=${form.way} onChoose=${choose} /></div>
        ${form.way === "token"
          ? input("token", "Token", "password", "off", true)
          : html`${input("user", "User name", "text", "username", true)} ${input("password", "Password", "password", "current-password", false)}`}
        ${form.fault
          ? html`<p class="fault" role="alert">${form.fault}</p>`
          : form.way === "token" && html`<p class="muted small">The first start of the control plane prints one; the quickstart shows it too.</p>`}
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
      <div class="stack">
        <p class="muted">Sign in again to go on where you were; nothing that you typed is lost.</p>
        <${Form} key=${session.serial} />
      </div>
    <//>
  `,
};
