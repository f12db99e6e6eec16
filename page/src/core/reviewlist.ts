/** The list of a review, read page by page while others decide on its clips; pure. */

export interface Row {
  readonly code: string;
  readonly state: string;
}

export const PAGE = 200;

/** What the server begins the next page behind; empty for the first page. */
export function placeOf(rows: readonly Row[]): string {
  const last = rows.at(-1);
  return last ? `${last.state}:${last.code}` : "";
}

/** The rows with a further page behind them; none stands twice. */
export function appended<T extends Row>(rows: readonly T[], page: readonly T[]): readonly T[] {
  const known = new Set(rows.map((row) => row.code));
  return [...rows, ...page.filter((row) => !known.has(row.code))];
}

/** The list with its first page read afresh; what lies behind that page stays as it was read. */
export function refreshed<T extends Row>(rows: readonly T[], first: readonly T[], isWhole: boolean): readonly T[] {
  if (isWhole) return first;
  const fresh = new Set(first.map((row) => row.code));
  const border = rows.findLastIndex((row) => fresh.has(row.code));
  return border < 0 ? first : appended(first, rows.slice(border + 1));
}
