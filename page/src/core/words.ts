/** Numbers and times as people read them, in the reader's locale; pure but for the locale. */

/** A clock time such as 12:03:07. */
export function clockTime(at: Date): string {
  return at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** A day and a time, short. */
export function dayTime(at: Date): string {
  return at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** Seconds of work, such as "3 h 20 min" or "12 min". */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds > 0 && minutes === 0) return "under a minute";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString()} ${n === 1 ? one : many}`;
}

/** How many answers there are of those that are wanted. */
export function answersOf(done: number, wanted: number): string {
  return done > wanted ? `${plural(done, "answer")}, ${wanted.toLocaleString()} wanted` : `${done.toLocaleString()} of ${plural(wanted, "answer")}`;
}

/** A clip's code as people can tell it apart: the class and the first eight digits. */
export function shortCode(code: string): string {
  return code.length > 12 ? `${code.slice(0, 11)}…` : code;
}

/** A length with its unit, or a dash. */
export function measure(value: number | null, unit: string | null, digits = 1): string {
  if (value === null) return "–";
  const text = value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit ? `${text} ${unit}` : text;
}

/** The line that says whether the work is safe. */
export function savedLine(state: {
  readonly waiting: number;
  readonly parked: number;
  readonly offline: boolean;
  readonly savedAt: Date | null;
  readonly kept: boolean;
}): string {
  const stuck = state.parked > 0 ? `, ${state.parked} refused` : "";
  const where = state.kept ? "kept on this device" : "kept in this window only";
  if (state.offline) return `offline, ${state.waiting} waiting, ${where}${stuck}`;
  if (!state.savedAt) return state.waiting > 0 ? `saving, ${state.waiting} waiting${stuck}` : `nothing to save yet${stuck}`;
  return `saved ${clockTime(state.savedAt)}, ${state.waiting} waiting${stuck}`;
}
