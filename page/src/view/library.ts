/** Items and recordings at hand: the next ones are fetched ahead, the last ones are kept for a while. */

import { api, ApiError } from "../api";
import type { ClipView, ItemView } from "../api";
import { Chorus } from "./chorus.svelte";
import { Cine } from "./cine.svelte";

const CLIPS_KEPT = 4;
/** The set on the screen, and the next. */
const SETS_KEPT = 2;
const VIEWS_KEPT = 12;

export class Library {
  private readonly views = new Map<string, ItemView>();
  private readonly fresh = new Set<string>();
  /** How many saves changed an item so far: a fetch that one of them crossed is old when it arrives. */
  private changes = 0;
  private readonly cines = new Map<string, Cine>();
  private readonly sets = new Map<string, Chorus>();

  /** Items that were finished in this window since the queue was last read. */
  readonly finished = new Set<string>();

  /** An item: fetched ahead, or now, or as it was when the network went. */
  async open(item: string): Promise<ItemView> {
    const ahead = this.views.get(item);
    if (ahead && this.fresh.delete(item)) return ahead;
    try {
      return this.keepView(await api.item(item));
    } catch (error) {
      if (ahead && error instanceof ApiError && (error.status === 0 || error.status >= 500)) return ahead;
      throw error;
    }
  }

  async prefetch(item: string | null): Promise<void> {
    if (item === null || this.fresh.has(item)) return;
    const before = this.changes;
    try {
      const view = this.keepView(await api.item(item));
      if (this.changes === before) this.fresh.add(item);
      this.begin(view);
    } catch {
      // Only ahead of time: opening it will say what is wrong.
    }
  }

  /** Load what an item shows: its recording, or all of a set. */
  begin(view: ItemView): void {
    if (view.members.length > 0) this.chorusOf(view);
    else this.cineOf(view.clip);
  }

  chorusOf(view: ItemView): Chorus {
    const chorus = this.sets.get(view.item) ?? new Chorus(view.members);
    this.sets.delete(view.item);
    this.sets.set(view.item, chorus);
    for (const [item, old] of this.sets) {
      if (this.sets.size <= SETS_KEPT) break;
      old.close();
      this.sets.delete(item);
    }
    return chorus;
  }

  cineOf(clip: ClipView): Cine {
    let cine = this.cines.get(clip.pack_url);
    if (!cine) {
      cine = new Cine(clip);
      void cine.load();
    }
    this.cines.delete(clip.pack_url);
    this.cines.set(clip.pack_url, cine);
    for (const [url, old] of this.cines) {
      if (this.cines.size <= CLIPS_KEPT) break;
      old.close();
      this.cines.delete(url);
    }
    return cine;
  }

  /** An answer to an item changed: what was fetched ahead is old, and whether it is done is the queue's to say. */
  touched(item: string): void {
    this.stored(item);
    this.finished.delete(item);
  }

  /** The server took a save for an item: what was fetched ahead is old. */
  stored(item: string): void {
    this.changes += 1;
    this.fresh.delete(item);
  }

  forgetAll(): void {
    for (const cine of this.cines.values()) cine.close();
    for (const chorus of this.sets.values()) chorus.close();
    this.cines.clear();
    this.sets.clear();
    this.views.clear();
    this.fresh.clear();
    this.finished.clear();
  }

  private keepView(view: ItemView): ItemView {
    this.views.delete(view.item);
    this.views.set(view.item, view);
    for (const key of this.views.keys()) {
      if (this.views.size <= VIEWS_KEPT) break;
      this.views.delete(key);
    }
    return view;
  }
}
