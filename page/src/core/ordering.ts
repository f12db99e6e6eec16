/**
 * An order of the members of a set: groups from the first end of the axis to the last; those of a group are level.
 * Pure. A place is the number of a group; a gap is what lies before a group, the last gap behind all of them.
 */

export type Groups = readonly (readonly string[])[];

export interface Order {
  readonly groups: Groups;
  /** What cannot be judged. */
  readonly aside: readonly string[];
  /** All members in the order in which they stood before anything was moved. */
  readonly shown: readonly string[];
}

/** What is done to an order by one gesture. */
export type Arrange =
  | { readonly do: "gap"; readonly member: string; readonly gap: number }
  | { readonly do: "onto" | "tie-with"; readonly member: string; readonly other: string }
  | { readonly do: "nudge"; readonly member: string; readonly by: 1 | -1 }
  | { readonly do: "tie" | "aside" | "first"; readonly member: string }
  /** No visible difference at all; or: it is right as it stands. */
  | { readonly do: "level" | "keep" };

/** Fewer than these cannot be compared. */
const LEAST = 2;

/** How a set stands before anything is said: as it is shown, one behind the other. */
export function begun(shown: readonly string[]): Order {
  return { groups: shown.map((member) => [member]), aside: [], shown };
}

export function placeOf(order: Order, member: string): number {
  return order.groups.findIndex((group) => group.includes(member));
}

/** The members as they stand, the ones set aside last. */
export function inOrder(order: Order): string[] {
  return [...order.groups.flat(), ...order.aside];
}

function without(order: Order, member: string): Order {
  const groups = order.groups.map((group) => group.filter((one) => one !== member)).filter((group) => group.length > 0);
  return { ...order, groups, aside: order.aside.filter((one) => one !== member) };
}

/** Put a member into a gap, counted before it was taken out. */
export function intoGap(order: Order, member: string, gap: number): Order {
  const from = placeOf(order, member);
  const isAlone = from >= 0 && order.groups[from]?.length === 1;
  const left = without(order, member);
  const at = isAlone && gap > from ? gap - 1 : gap;
  return { ...left, groups: left.groups.toSpliced(Math.min(Math.max(at, 0), left.groups.length), 0, [member]) };
}

/** Put a member level with another. */
export function levelWith(order: Order, member: string, other: string): Order {
  if (member === other || placeOf(order, other) < 0) return order;
  const left = without(order, member);
  return { ...left, groups: left.groups.map((group) => (group.includes(other) ? [...group, member] : group)) };
}

/** Put a member on the place where another stands; that one moves towards where the member came from. */
export function ontoPlaceOf(order: Order, member: string, other: string): Order {
  const from = placeOf(order, member);
  const to = placeOf(order, other);
  if (member === other || to < 0 || from === to) return order;
  return intoGap(order, member, from >= 0 && from < to ? to + 1 : to);
}

/** Move a member by one: out of a level group first, then past its neighbour. */
export function nudged(order: Order, member: string, by: 1 | -1): Order {
  const at = placeOf(order, member);
  if (at < 0) return order;
  const isLevel = (order.groups[at]?.length ?? 0) > 1;
  if (isLevel) return intoGap(order, member, by > 0 ? at + 1 : at);
  const gap = by > 0 ? at + 2 : at - 1;
  return gap < 0 || gap > order.groups.length ? order : intoGap(order, member, gap);
}

/** Level with the neighbour before it (the one behind, for the first); out again when it is level already. */
export function levelled(order: Order, member: string): Order {
  const at = placeOf(order, member);
  const group = order.groups[at];
  if (!group) return order;
  if (group.length > 1) return intoGap(order, member, at + 1);
  const neighbour = order.groups[at > 0 ? at - 1 : at + 1]?.[0];
  return neighbour === undefined ? order : levelWith(order, member, neighbour);
}

/** No visible difference between those that can be judged. */
export function allLevel(order: Order): Order {
  return { ...order, groups: [order.shown.filter((member) => !order.aside.includes(member))] };
}

/** Whether no difference is said between any two. */
export function isLevel(order: Order): boolean {
  return order.groups.length === 1;
}

/** Set aside what cannot be judged, or take it back as the last; two at least must remain. */
export function setAside(order: Order, member: string): Order {
  if (order.aside.includes(member)) return intoGap(order, member, order.groups.length);
  if (order.groups.flat().length <= LEAST) return order;
  const left = without(order, member);
  return { ...left, aside: [...left.aside, member] };
}

/** Of two: this one first. */
export function firstOfTwo(order: Order, member: string): Order {
  return { ...order, groups: [[member], ...order.shown.filter((one) => one !== member).map((one) => [one])] };
}
