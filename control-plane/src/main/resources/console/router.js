// The page is in the address behind '#', so that links, reload, back and bookmarks work: #/services/orders/versions/v.1
import { reactive } from "./ui.js";

export const route = reactive({ segments: read() });

addEventListener("hashchange", () => {
  route.segments = read();
});

function read() {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The address of a page, for href. */
export function link(...segments) {
  return "#/" + segments.map((segment) => encodeURIComponent(segment)).join("/");
}

export function go(...segments) {
  location.hash = link(...segments);
}

/** Goes to a page without leaving this one behind for Back, as where it has just been deleted. */
export function goInstead(...segments) {
  location.replace(link(...segments));
}
