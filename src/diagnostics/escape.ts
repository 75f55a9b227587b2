// Makes foreign text safe to show on a terminal: no control sequence, bidirectional override or invisible character gets through.

/** C0 and C1 controls but the tab, line and paragraph separators, invisible and bidirectional marks, halves of pairs. */
const UNSAFE =
  /[\0-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with every unsafe character written as `\u001b`. Tabs stay; line breaks do not. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escapeUnit);
}

/** JSON text of `value`, in which numbers that JSON does not have are strings, and nothing can steer a terminal. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (isUnspeakable(part) ? String(part) : part), 2);
  return text.replace(UNSAFE, (unit) => (unit === "\n" ? unit : escapeUnit(unit)));
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isUnspeakable(part: unknown): boolean {
  return typeof part === "number" && !Number.isFinite(part);
}
