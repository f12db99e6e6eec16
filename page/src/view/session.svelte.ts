/** Who is here, where they are, and what all screens share. */

import { api, ApiError } from "../api";
import type { Me, MyProject } from "../api";
import { address, parseRoute } from "../core/route";
import type { Route } from "../core/route";
import { lastSeen, settings } from "../keep";
import type { Settings } from "../keep";
import { Saver } from "../saver.svelte";
import { Library } from "./library";

class Session {
  me = $state.raw<Me | null>(null);
  state = $state<"starting" | "signed-out" | "ready">("starting");
  problem = $state("");
  route = $state.raw<Route>(parseRoute(location.hash));
  settings = $state<Settings>(settings.read());
  readonly library = new Library();
  readonly saver = new Saver((item) => this.library.stored(item));

  async begin(): Promise<void> {
    window.addEventListener("hashchange", () => void this.follow());
    this.applySettings();
    if (this.route.view === "link") await this.signInByLink(this.route.token);
    else await this.resume();
  }

  go(route: Route): void {
    location.hash = address(route);
  }

  async signedIn(me: Me): Promise<void> {
    const isOther = this.me !== null && this.me.id !== me.id;
    if (isOther) this.library.forgetAll();
    this.me = me;
    lastSeen.write("device", "me", me);
    await this.saver.open(me.id);
    this.problem = "";
    this.state = "ready";
    if (isOther) this.go({ view: "work" });
  }

  async signOut(): Promise<void> {
    try {
      await api.signOut();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return;
    }
    lastSeen.write("device", "me", null);
    this.library.forgetAll();
    this.me = null;
    this.state = "signed-out";
    this.go({ view: "work" });
  }

  /** A screen got an error: a 401 asks to sign in again in place, the rest is told. */
  tell(error: unknown): string {
    if (error instanceof ApiError && error.status === 401) this.saver.needsSignIn = true;
    return error instanceof Error ? error.message : String(error);
  }

  /** My project by slug: from the server, or as it was last seen here when there is no network. */
  async project(slug: string): Promise<MyProject> {
    const what = `project.${slug}`;
    return this.freshOrSeen(what, () => api.project(slug));
  }

  /** Ask the server; without a network give what was last seen on this device. */
  async freshOrSeen<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const owner = this.me?.id ?? "";
    try {
      const value = await ask();
      lastSeen.write(owner, what, value);
      return value;
    } catch (error) {
      const seen = lastSeen.read<T>(owner, what);
      if (seen !== null && error instanceof ApiError && (error.status === 0 || error.status >= 500)) return seen;
      throw error;
    }
  }

  applySettings(): void {
    document.documentElement.dataset["theme"] = this.settings.theme;
    settings.write({ ...this.settings });
  }

  private async follow(): Promise<void> {
    const route = parseRoute(location.hash);
    if (route.view === "link") await this.signInByLink(route.token);
    else this.route = route;
  }

  private async signInByLink(token: string): Promise<void> {
    history.replaceState(null, "", address({ view: "work" }));
    this.route = { view: "work" };
    try {
      await this.signedIn(await api.signInByLink(token));
    } catch (error) {
      await this.resume();
      this.problem = this.state === "ready" ? "" : this.tell(error);
    }
  }

  private async resume(): Promise<void> {
    try {
      await this.signedIn(await api.me());
    } catch (error) {
      const seen = lastSeen.read<Me>("device", "me");
      const isDown = error instanceof ApiError && error.status !== 401;
      if (isDown && seen) {
        this.saver.offline = true;
        await this.signedIn(seen);
      } else {
        this.problem = isDown ? this.tell(error) : "";
        this.state = "signed-out";
      }
    }
  }
}

export const session = new Session();
