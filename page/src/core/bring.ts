/** What the server is told of a file that somebody brings in: nothing of its name; pure. */

export interface Place {
  /** Files of one group are the numbered images of one loop; every other file is a group of its own. */
  readonly group: number;
  /** Place of an image in its loop, from 0; null for every other file. Never the number in its name. */
  readonly frame: number | null;
}

interface Numbered {
  readonly series: string;
  readonly number: number;
}

/** The place of each file, from its path: images of one folder and name whose numbers run from 0 or 1 are a loop. */
export function placesOf(paths: readonly string[]): Place[] {
  const found = paths.map(numbered);
  const firsts = firstNumbers(found);
  const groups = new Map<string, number>();
  return found.map((image, position) => {
    const first = image === null ? undefined : firsts.get(image.series);
    const isFrame = image !== null && first !== undefined;
    const key = isFrame ? image.series : `#${position}`;
    const group = groups.get(key) ?? groups.size;
    groups.set(key, group);
    return { group, frame: isFrame ? image.number - first : null };
  });
}

/** The series that a name belongs to and its number there; the same rule as the server's for folders. */
function numbered(path: string): Numbered | null {
  const slash = path.lastIndexOf("/");
  const match = /^(.*?)([0-9]{2,9})(\.[A-Za-z]+)$/.exec(path.slice(slash + 1));
  if (!match || !/(^|[-_])$/.test(match[1] ?? "")) return null;
  const digits = match[2] ?? "";
  return { series: `${path.slice(0, slash + 1)}|${match[1]}|${digits.length}|${match[3]}`, number: Number(digits) };
}

/** The first number of each series that runs from 0 or 1 without a gap; the others are none. */
function firstNumbers(images: readonly (Numbered | null)[]): Map<string, number> {
  const numbers = new Map<string, number[]>();
  for (const image of images) {
    if (image === null) continue;
    const known = numbers.get(image.series);
    if (known) known.push(image.number);
    else numbers.set(image.series, [image.number]);
  }
  const firsts = new Map<string, number>();
  for (const [series, all] of numbers) {
    const sorted = [...all].sort((a, b) => a - b);
    const first = sorted[0] ?? 0;
    if (all.length > 1 && first <= 1 && sorted.every((n, i) => n === first + i)) firsts.set(series, first);
  }
  return firsts;
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
