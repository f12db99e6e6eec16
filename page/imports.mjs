/** Holds the page's layers: view -> tools -> core, view -> saver -> api -> wire; only api.ts fetches; no file over 300 lines. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "src");
const ALLOWED = {
  core: ["core"],
  tools: ["tools", "core"],
  wire: [],
  api: ["wire"],
  keep: ["core"],
  saver: ["api", "keep", "core"],
  view: ["view", "tools", "core", "api", "keep", "saver"],
  main: ["view", "keep"],
};
const MAX_LINES = 300;
const roomOf = (path) => path.split("/")[0].split(".")[0];
const wrong = [];
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(ts|svelte)$/.test(entry.name)) continue;
  const path = relative(root, join(entry.parentPath, entry.name));
  const text = readFileSync(join(root, path), "utf8");
  const room = roomOf(path);
  if (room === "wire") continue;
  const lines = text.split("\n").length - 1;
  if (lines > MAX_LINES) wrong.push(`${path}: ${lines} lines, at most ${MAX_LINES}`);
  if (room !== "api" && /\bfetch\(|new EventSource\(/.test(text)) wrong.push(`${path}: only api.ts talks to the server`);
  for (const [, target] of text.matchAll(/(?:from|import)\s+"(\.[^"]+)"/g)) {
    if (/\.(css|json)$/.test(target)) continue;
    const to = roomOf(relative(root, join(root, dirname(path), target)));
    if (!ALLOWED[room]?.includes(to)) wrong.push(`${path}: ${room} must not import ${to} (${target})`);
  }
}
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
