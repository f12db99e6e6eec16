/** Addresses of the page: everything is behind the `#`; pure. */

export type Route =
  | { readonly view: "work" }
  | { readonly view: "unknown" }
  | { readonly view: "bring" }
  | { readonly view: "link"; readonly token: string }
  | { readonly view: "label"; readonly project: string; readonly item: string }
  | { readonly view: "lead"; readonly project: string }
  | { readonly view: "review"; readonly code: string | null }
  | { readonly view: "consensus"; readonly project: string; readonly item: string };

/** What an address asks for; none is the list of work. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  const [head, a, b, c, d] = parts;
  if (!head && a === undefined) return { view: "work" };
  if (head === "bring" && a === undefined) return { view: "bring" };
  if (head === "link" && a) return { view: "link", token: a };
  if (head === "review" && !b) return { view: "review", code: a || null };
  if (head !== "p" || !a) return { view: "unknown" };
  if (b === "i" && c) return { view: "label", project: a, item: c };
  if (b === "lead" && c === "i" && d) return { view: "consensus", project: a, item: d };
  if (b === "lead" && !c) return { view: "lead", project: a };
  return { view: "unknown" };
}

export function address(route: Route): string {
  const e = encodeURIComponent;
  switch (route.view) {
    case "work":
    case "unknown":
      return "#/";
    case "bring":
      return "#/bring";
    case "link":
      return `#/link/${e(route.token)}`;
    case "label":
      return `#/p/${e(route.project)}/i/${e(route.item)}`;
    case "lead":
      return `#/p/${e(route.project)}/lead`;
    case "review":
      return route.code === null ? "#/review" : `#/review/${e(route.code)}`;
    case "consensus":
      return `#/p/${e(route.project)}/lead/i/${e(route.item)}`;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
