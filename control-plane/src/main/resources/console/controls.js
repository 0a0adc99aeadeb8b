// The controls of Shoelace that pages use, and where their icons are: nothing is loaded from elsewhere.
import "./lib/shoelace/components/button/button.js";
import "./lib/shoelace/components/details/details.js";
import "./lib/shoelace/components/dialog/dialog.js";
import "./lib/shoelace/components/dropdown/dropdown.js";
import "./lib/shoelace/components/icon/icon.js";
import "./lib/shoelace/components/icon-button/icon-button.js";
import "./lib/shoelace/components/input/input.js";
import "./lib/shoelace/components/menu/menu.js";
import "./lib/shoelace/components/menu-item/menu-item.js";
import "./lib/shoelace/components/option/option.js";
import "./lib/shoelace/components/radio/radio.js";
import "./lib/shoelace/components/radio-group/radio-group.js";
import "./lib/shoelace/components/select/select.js";
import "./lib/shoelace/components/spinner/spinner.js";
import "./lib/shoelace/components/switch/switch.js";
import "./lib/shoelace/components/textarea/textarea.js";
import "./lib/shoelace/components/tooltip/tooltip.js";
import { registerIconLibrary } from "./lib/shoelace/utilities/icon-library.js";

const icons = new URL("./lib/shoelace/assets/icons/", import.meta.url);
const ofShoelaceItself = { eyedropper: "eyedropper", indeterminate: "dash", radio: "record-fill", checked: "check-lg", caret: "chevron-down" };

registerIconLibrary("default", { resolver: (name) => new URL(`${name}.svg`, icons).href });
registerIconLibrary("system", { resolver: (name) => new URL(`${ofShoelaceItself[name] ?? name}.svg`, icons).href });
