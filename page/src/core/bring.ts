/** What the server is told of a file that a lead brings in: everything but its name; pure. */

export interface Place {
  /** Files of one group are numbered images of one folder, of equal names but for the number. */
  readonly group: number;
  readonly number: string;
  readonly ending: string;
}

/** The place of each file, from its path; numbered images of one folder and name share a group. */
export function placesOf(paths: readonly string[]): Place[] {
  const groups = new Map<string, number>();
  return paths.map((path, position) => {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? "";
    const numbered = /^(.*?)([0-9]{2,9})\.[A-Za-z]+$/.exec(name);
    const isFrame = numbered !== null && /(^|[-_])$/.test(numbered[1] ?? "");
    const key = isFrame ? `${path.slice(0, slash + 1)}|${numbered[1]}|${numbered[2]?.length}|${ending}` : `#${position}`;
    const group = groups.get(key) ?? groups.size;
    groups.set(key, group);
    return { group, number: isFrame ? (numbered[2] ?? "") : "", ending };
  });
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}
