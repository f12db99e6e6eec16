/** Files out of a drop, folders walked; browsers hand out a folder's entries a hundred at a time. */

const PATHS = new WeakMap<File, string>();

/** A file's path as it was dropped or chosen. */
export function pathOf(file: File): string {
  return PATHS.get(file) ?? (file.webkitRelativePath || file.name);
}

export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(walked))).flat();
}

async function walked(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    PATHS.set(file, entry.fullPath.replace(/^\//, ""));
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return found;
    for (const inside of some) found.push(...(await walked(inside)));
  }
}
