// The page's state as the fragment of a link and back: a version, a dot, deflated JSON in base64url. Whatever does not read as such is no state.

import type { Mode, Style } from "../emit/typescript/signature.ts";
import { USUAL_OPTIONS, type Options, type Point, type Unfolded } from "./protocol.ts";

export interface Shared {
  readonly tab: string;
  readonly text: string;
  readonly options: Options;
  readonly index: number | undefined;
  readonly point: Point;
  readonly direction: Point;
  readonly sizes: Readonly<Record<string, number>>;
  readonly unfolded: Unfolded;
  readonly position: number | "all";
  /** What the training tab keeps; it reads it with care. */
  readonly training: unknown;
}

const VERSION = "1";

/** Longer links are cut by what they are pasted into. */
const LONGEST = 100_000;

const MODES: readonly Mode[] = ["grad", "jvp", "jacobian", "hessian", "hvp"];
const STYLES: readonly Style[] = ["staged", "tidy", "fast"];

export async function toFragment(state: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  return `${VERSION}.${toBase64Url(await through(bytes, new CompressionStream("deflate-raw")))}`;
}

/** Undefined where the fragment is none of ours, or damaged. */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  const [, version, text] = /^#?(\w+)\.([\w-]+)$/.exec(fragment) ?? [];
  if (version !== VERSION || text === undefined || text.length > LONGEST) return undefined;
  try {
    const bytes = await through(fromBase64Url(text), new DecompressionStream("deflate-raw"));
    return readShared(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** Takes what is of the right kind, and usual choices for the rest; undefined without a text. */
function readShared(data: unknown): Shared | undefined {
  if (!isRecord(data) || typeof data["text"] !== "string") return undefined;
  const { tab, text, index, position, sizes, unfolded } = data;
  return {
    tab: typeof tab === "string" ? tab : "",
    text,
    options: readOptions(data["options"]),
    index: isCount(index) ? index : undefined,
    point: readPoint(data["point"]),
    direction: readPoint(data["direction"]),
    sizes: isRecord(sizes) ? Object.fromEntries(Object.entries(sizes).filter(isSizeEntry)) : {},
    unfolded: unfolded === "all" ? unfolded : (readNames(unfolded) ?? []),
    position: isCount(position) ? position : "all",
    training: data["training"],
  };
}

function readOptions(data: unknown): Options {
  const { kind, mode, style, gates, precision, ties, wrt } = isRecord(data) ? data : {};
  return {
    kind: kind === "network" ? "network" : USUAL_OPTIONS.kind,
    mode: MODES.find((known) => known === mode) ?? USUAL_OPTIONS.mode,
    style: STYLES.find((known) => known === style) ?? USUAL_OPTIONS.style,
    precision: precision === "f32" ? "f32" : USUAL_OPTIONS.precision,
    gates: gates === "each" ? "each" : USUAL_OPTIONS.gates,
    ties: ties === "split" ? "split" : USUAL_OPTIONS.ties,
    wrt: readNames(wrt),
  };
}

function readNames(data: unknown): readonly string[] | undefined {
  return Array.isArray(data) && data.every((name) => typeof name === "string") ? data : undefined;
}

function readPoint(data: unknown): Point {
  return isRecord(data) ? Object.fromEntries(Object.entries(data).filter(isPointEntry)) : {};
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isCount(data: unknown): data is number {
  return Number.isSafeInteger(data) && (data as number) >= 0;
}

function isSizeEntry(entry: [string, unknown]): entry is [string, number] {
  return isCount(entry[1]);
}

function isPointEntry(entry: [string, unknown]): entry is [string, number | number[]] {
  const [, value] = entry;
  return Array.isArray(value) ? value.every((element) => Number.isFinite(element)) : Number.isFinite(value);
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return btoa(characters.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
