/** The only place that talks to the server. Bodies are the ones of `wire.ts`, which is generated. */

import type { components } from "./wire";

type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Site = Schemas["Site"];
export type MyProject = Schemas["MyProject"];
export type QueueEntry = Schemas["QueueEntry"];
export type ItemView = Schemas["ItemView"];
export type ClipView = Schemas["ClipView"];
export type AnswerIn = Schemas["AnswerIn"];
export type AnswerSaved = Schemas["AnswerSaved"];
export type SubmissionIn = Schemas["SubmissionIn"];
export type SubmissionSaved = Schemas["SubmissionSaved"];
export type MyNote = Schemas["MyNote"];
export type ToldNote = Schemas["ToldNote"];
export type Progress = Schemas["Progress"];
export type ItemProgress = Schemas["ItemProgress"];
export type ItemConsensus = Schemas["ItemConsensus"];
export type ConsensusView = Schemas["ConsensusView"];
export type ExpertPath = Schemas["ExpertPath"];
export type Display = Schemas["Display"];
export type Gesture = Schemas["Gesture"];
export type ReviewList = Schemas["ReviewList"];
export type ReviewRow = Schemas["ReviewRow"];
export type ReviewClip = Schemas["ReviewClip"];
export type ClipState = ReviewRow["state"];
export type UploadState = Schemas["UploadState"];
export type UploadedFile = Schemas["UploadedFile"];
export type Verdict = Schemas["ReviewIn"]["verdict"];

const TIMEOUT_MS = 20_000;
/** Drawing a mask anew reads the whole recording again. */
const REDRAW_MS = 180_000;

/** The server's no, or no server: `status` 0. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

async function request(method: string, path: string, body?: unknown, within_ms = TIMEOUT_MS): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", signal: AbortSignal.timeout(within_ms) };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, "The server cannot be reached.");
  }
  if (response.ok) return response;
  throw new ApiError(response.status, await problemOf(response));
}

async function problemOf(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { detail?: unknown };
    if (typeof body.detail === "string") return body.detail;
    if (body.detail !== undefined) return JSON.stringify(body.detail);
  } catch {
    // Not JSON: a proxy's page; the status says what there is to say.
  }
  return `The server answered ${response.status}.`;
}

async function json<T>(method: string, path: string, body?: unknown, within_ms = TIMEOUT_MS): Promise<T> {
  const response = await request(method, path, body, within_ms);
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(0, "The server's answer broke off.");
  }
}

const e = encodeURIComponent;

export const api = {
  signInByLink: (token: string) => json<Me>("POST", "api/session/link", { token }),
  signInByPassword: (name: string, password: string) => json<Me>("POST", "api/session/password", { name, password }),
  signOut: async (): Promise<void> => void (await request("DELETE", "api/session")),
  me: () => json<Me>("GET", "api/me"),
  setPassword: (password: string) => json<unknown>("POST", "api/me/password", { password }),
  site: () => json<Site>("GET", "api/site"),
  projects: () => json<MyProject[]>("GET", "api/projects"),
  project: (slug: string) => json<MyProject>("GET", `api/projects/${e(slug)}`),
  queue: (slug: string) => json<QueueEntry[]>("GET", `api/projects/${e(slug)}/queue`),
  item: (item: string) => json<ItemView>("GET", `api/items/${e(item)}`),
  progress: (slug: string) => json<Progress>("GET", `api/projects/${e(slug)}/progress`),
  agree: (slug: string) => json<Progress>("POST", `api/projects/${e(slug)}/agreement`),
  consensus: (item: string) => json<ItemConsensus>("GET", `api/items/${e(item)}/consensus`),
  saveAnswer: (id: string, body: unknown) => json<AnswerSaved>("PUT", `api/answers/${e(id)}`, body),
  saveSubmission: (id: string, body: unknown) => json<SubmissionSaved>("PUT", `api/submissions/${e(id)}`, body),
  saveNote: (id: string, body: unknown) => json<{ id: string }>("PUT", `api/notes/${e(id)}`, body),
  myNotes: (item: string) => json<MyNote[]>("GET", `api/items/${e(item)}/notes`),
  notes: (slug: string) => json<ToldNote[]>("GET", `api/projects/${e(slug)}/notes`),
  saveReview: (id: string, body: unknown) => json<{ id: string }>("PUT", `api/reviews/${e(id)}`, body),

  /** A page of the list; `after` is the place of the row that it begins behind. */
  reviewList: (states: readonly ClipState[], limit: number, after = "") =>
    json<ReviewList>("GET", `api/review?limit=${limit}${after && `&after=${e(after)}`}${states.map((s) => `&state=${s}`).join("")}`),
  reviewClip: (code: string) => json<ReviewClip>("GET", `api/review/${e(code)}`),
  /** A picture for the review; null when it was dropped after a decision, or there never was one. */
  async reviewPicture(code: string, what: "before" | "after" | "dark-before" | "dark-after"): Promise<Blob | null> {
    try {
      return await (await request("GET", `api/review/${e(code)}/${what}.png`)).blob();
    } catch (error) {
      if (error instanceof ApiError && error.status === 410) return null;
      throw error;
    }
  },
  /** The masked picture stood on the screen: what was only fetched does not count. */
  looked: (code: string, mask_version: number) =>
    json<unknown>("POST", `api/review/${e(code)}/look`, { mask_version }),
  approve: (code: string, mask_version: number, reason: string) =>
    json<unknown>("POST", `api/review/${e(code)}/approval`, { mask_version, reason }, REDRAW_MS),
  reject: (code: string, reason: string) => json<unknown>("POST", `api/review/${e(code)}/rejection`, { reason }, REDRAW_MS),
  redraw: (code: string, mask_version: number, polygons: readonly (readonly [number, number][])[]) =>
    json<ReviewClip>("POST", `api/review/${e(code)}/mask`, { mask_version, polygons }, REDRAW_MS),
  /** Find the mask anew, or keep it and look for text again. */
  readAgain: (code: string, how: "remask" | "recheck", mask_version: number) =>
    json<ReviewClip>("POST", `api/review/${e(code)}/${how}`, { mask_version }, REDRAW_MS),

  beginUpload: (terms: Schemas["UploadIn"]) => json<Schemas["UploadStarted"]>("POST", "api/uploads", terms),
  readUpload: (upload: string) => json<UploadState>("POST", `api/uploads/${e(upload)}/reading`),
  uploadState: (upload: string) => json<UploadState>("GET", `api/uploads/${e(upload)}`),
  /** A file as it is: it may be large and the line slow, so nothing but the line ends it. */
  async putFile(upload: string, position: number, place: { readonly group: number; readonly frame: number | null }, file: File): Promise<void> {
    const query = place.frame === null ? `group=${place.group}` : `group=${place.group}&frame=${place.frame}`;
    let response: Response;
    try {
      response = await fetch(`api/uploads/${e(upload)}/files/${position}?${query}`, { method: "PUT", credentials: "same-origin", body: file });
    } catch {
      throw new ApiError(0, "The file was not sent: the server cannot be reached, or the file has changed.");
    }
    if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  },

  /** A pack, chunk by chunk as it arrives. */
  async *pack(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let response: Response;
    try {
      response = await fetch(url, { credentials: "same-origin", signal });
    } catch {
      throw new ApiError(0, "The recording cannot be loaded: the server cannot be reached.");
    }
    if (!response.ok) throw new ApiError(response.status, await problemOf(response));
    const reader = response.body?.getReader();
    if (!reader) return;
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } catch {
      throw new ApiError(0, "The recording broke off.");
    }
  },

  /**
   * Hear of progress in projects that I lead. The stream is closed while the page is hidden: browsers kill hidden
   * streams in silence and allow only six connections. Returns how to stop.
   */
  events(onProgress: (project: string) => void): () => void {
    let source: EventSource | null = null;
    const open = (): void => {
      if (source || document.visibilityState === "hidden") return;
      source = new EventSource("api/events");
      source.addEventListener("progress", (event: MessageEvent<string>) => {
        onProgress(String((JSON.parse(event.data) as { project?: unknown }).project ?? ""));
      });
    };
    const close = (): void => {
      source?.close();
      source = null;
    };
    const follow = (): void => (document.visibilityState === "hidden" ? close() : open());
    document.addEventListener("visibilitychange", follow);
    window.addEventListener("pageshow", follow);
    open();
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("pageshow", follow);
      close();
    };
  },
};
