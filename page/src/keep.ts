/** What stays on this device: the outbox (IndexedDB), half-drawn curves and settings (local storage). */

import type { Entry } from "./core/outbox";
import type { Labels } from "./core/types";

const DATABASE = "unisono";
const OUTBOX = "outbox";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
}

/** The outbox on disk. Where the browser gives no database it lives in this window alone, and `kept` says so. */
export class Keep {
  kept = true;
  private db: IDBDatabase | null = null;

  async open(): Promise<void> {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(OUTBOX, { keyPath: "id" });
      this.db = await done(request);
    } catch {
      this.kept = false;
    }
  }

  async all(owner: string): Promise<Entry[]> {
    if (!this.db) return [];
    const rows = (await done(this.store("readonly").getAll())) as Entry[];
    return rows.filter((row) => row.owner === owner).toSorted((a, b) => a.order - b.order);
  }

  async put(entry: Entry): Promise<void> {
    await this.write((store) => store.put(entry));
  }

  async remove(id: string): Promise<void> {
    await this.write((store) => store.delete(id));
  }

  private async write(act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    if (!this.db) return;
    try {
      await done(act(this.store("readwrite")));
    } catch {
      this.kept = false;
    }
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return (this.db as IDBDatabase).transaction(OUTBOX, mode, { durability: "strict" }).objectStore(OUTBOX);
  }
}

function readLocal(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`unisono.${key}`) ?? "null");
  } catch {
    return null;
  }
}

function writeLocal(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`unisono.${key}`);
    else localStorage.setItem(`unisono.${key}`, JSON.stringify(value));
  } catch {
    // No room or not allowed: a setting then lasts as long as the window.
  }
}

/** Half-drawn labels of an item: not yet answers, but not to be lost by a reload either. */
export const drafts = {
  read(owner: string, item: string): Record<string, unknown> {
    const value = readLocal(`draft.${owner}.${item}`);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  },
  write(owner: string, item: string, labels: Labels): void {
    writeLocal(`draft.${owner}.${item}`, Object.keys(labels).length > 0 ? labels : null);
  },
};

export interface Settings {
  theme: "dark" | "light";
  letters: boolean;
}

export const settings = {
  read(): Settings {
    const raw = readLocal("settings") as Partial<Settings> | null;
    return { theme: raw?.theme === "light" ? "light" : "dark", letters: raw?.letters !== false };
  },
  write(value: Settings): void {
    writeLocal("settings", value);
  },
};

/** The last list of work, so that the page opens with the network off. */
export const lastSeen = {
  read<T>(owner: string, what: string): T | null {
    return readLocal(`seen.${owner}.${what}`) as T | null;
  },
  write(owner: string, what: string, value: unknown): void {
    writeLocal(`seen.${owner}.${what}`, value);
  },
};
