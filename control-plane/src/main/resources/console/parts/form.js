// Forms: fields that show the API's words where they belong, and a request that is sent once.
import { html, reactive } from "../ui.js";

/**
 * @param values the fields as they begin
 * @returns reactive {values, problem, busy} with text(), submit()
 */
export function useForm(values) {
  const form = reactive({ values, problem: null, busy: false });

  /** Sends; true when it went well. The problem stays for the fields to show. */
  form.submit = async (action) => {
    if (form.busy) {
      return false;
    }
    form.busy = true;
    try {
      await action();
      form.problem = null;
      return true;
    } catch (problem) {
      form.problem = problem;
      if (problem.status === undefined) {
        console.error(problem);
      }
      return false;
    } finally {
      form.busy = false;
    }
  };
  return form;
}

/**
 * A line of text.
 *
 * @param name of the value; field: its name for the API where that differs
 */
export const TextField = {
  props: {
    form: Object,
    name: String,
    field: String,
    label: String,
    help: String,
    type: { type: String, default: "text" },
    placeholder: String,
    autofocus: Boolean,
    suffix: String,
  },
  setup: (properties) => () => {
    const { form, name } = properties;
    const fault = form.problem?.of?.(properties.field ?? name);
    return html`
      <sl-input
        label=${properties.label}
        type=${properties.type}
        placeholder=${properties.placeholder ?? ""}
        autocomplete="off"
        autocapitalize="off"
        spellcheck=${false}
        ^autofocus=${properties.autofocus ? "" : null}
        no-spin-buttons=${properties.type === "number" ? "" : null}
        value=${String(form.values[name] ?? "")}
        onSl-input=${(event) => (form.values[name] = event.target.value)}
        class=${fault ? "invalid" : ""}
        help-text=${fault ?? properties.help ?? ""}
      >
        ${properties.suffix && html`<span slot="suffix">${properties.suffix}</span>`}
      </sl-input>
    `;
  },
};

export const TextArea = {
  props: { form: Object, name: String, field: String, label: String, help: String, rows: { type: Number, default: 2 }, placeholder: String },
  setup: (properties) => () => {
    const { form, name } = properties;
    const fault = form.problem?.of?.(properties.field ?? name);
    return html`
      <sl-textarea
        label=${properties.label}
        rows=${properties.rows}
        resize="auto"
        placeholder=${properties.placeholder ?? ""}
        value=${form.values[name] ?? ""}
        onSl-input=${(event) => (form.values[name] = event.target.value)}
        class=${fault ? "invalid" : ""}
        help-text=${fault ?? properties.help ?? ""}
      ></sl-textarea>
    `;
  },
};

/** One of a few; options are [value, text]. Where it says so, none may be chosen, which is ''. */
export const SelectField = {
  props: { form: Object, name: String, field: String, label: String, help: String, options: Array, none: String },
  setup: (properties) => () => {
    const { form, name } = properties;
    const fault = form.problem?.of?.(properties.field ?? name);
    return html`
      <sl-select
        label=${properties.label}
        hoist
        placeholder=${properties.none ?? ""}
        clearable=${properties.none !== undefined}
        value=${String(form.values[name] ?? "")}
        onSl-change=${(event) => (form.values[name] = event.target.value)}
        class=${fault ? "invalid" : ""}
        help-text=${fault ?? properties.help ?? ""}
      >
        ${properties.options.map(([value, text]) => html`<sl-option key=${value} value=${value}>${text}</sl-option>`)}
      </sl-select>
    `;
  },
};

export const SwitchField = {
  props: { form: Object, name: String, label: String, help: String },
  setup: (properties) => () => html`
    <sl-switch
      checked=${properties.form.values[properties.name]}
      onSl-change=${(event) => (properties.form.values[properties.name] = event.target.checked)}
      help-text=${properties.help ?? ""}
    >
      ${properties.label}
    </sl-switch>
  `,
};

/** Lines of text that can be added and removed. */
export const ListField = {
  props: { form: Object, name: String, field: String, label: String, add: String, help: String, placeholder: String },
  setup(properties) {
    const lines = () => properties.form.values[properties.name];

    function addLine(event) {
      lines().push("");
      const list = event.target.closest(".list-field");
      requestAnimationFrame(() => [...list.querySelectorAll("sl-input")].at(-1)?.focus());
    }

    return () => {
      const { form, name, label } = properties;
      const field = properties.field ?? name;
      const ofAll = form.problem?.errors?.some((error) => error.field === field) ? form.problem.of(field) : null;
      return html`
        <fieldset class="list-field">
          <legend>${label}</legend>
          ${lines().map((line, i) => {
            const fault = form.problem?.of?.(`${field}[${i}]`);
            return html`
              <div class="line" key=${i}>
                <sl-input
                  label=${lines().length === 1 ? label : `${label} ${i + 1}`}
                  class=${`bare ${fault ? "invalid" : ""}`}
                  placeholder=${properties.placeholder ?? ""}
                  autocomplete="off"
                  autocapitalize="off"
                  spellcheck=${false}
                  value=${line}
                  onSl-input=${(event) => (lines()[i] = event.target.value)}
                  help-text=${fault ?? ""}
                ></sl-input>
                <sl-icon-button name="x-lg" label=${`Remove ${label} ${i + 1}`} onClick=${() => lines().splice(i, 1)}></sl-icon-button>
              </div>
            `;
          })}
          ${ofAll && html`<p class="fault">${ofAll}</p>`}
          ${properties.help && html`<p class="help">${properties.help}</p>`}
          <sl-button size="small" onClick=${addLine}><sl-icon slot="prefix" name="plus-lg"></sl-icon>${properties.add}</sl-button>
        </fieldset>
      `;
    };
  },
};

/** Words between commas as a list, without empty ones. */
export function words(text) {
  return String(text ?? "").split(/[,\s]+/).filter(Boolean);
}

/** What tags are written as: words between commas. */
export function tags(text) {
  return String(text ?? "").split(",").map((tag) => tag.trim()).filter(Boolean);
}

/** A number that was typed; the text itself where it is none, so that the API says what is wrong with it. */
export function typedNumber(text) {
  const trimmed = String(text).trim();
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
