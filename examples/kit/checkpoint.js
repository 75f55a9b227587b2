// Saves what training needs to go on (parameters, running statistics, optimizer, counters) to a JSON file, and loads it again bit for bit.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { endianness } from "node:os";

const FORMAT = "wengert checkpoint 1";
const arrayTypes = { Float64Array, Float32Array, Int32Array };

/**
 * Writes beside the file first and then renames, so that a run that is interrupted leaves the last checkpoint whole.
 *
 * @param {string} path
 * @param {object} values typed arrays, numbers, strings, booleans, and objects of them: `{ params, optimizer, epoch }`
 */
export function saveCheckpoint(path, values) {
  const text = JSON.stringify({ format: FORMAT, endianness: endianness(), values: encode(values) });
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/**
 * What saveCheckpoint was given, with new arrays.
 *
 * @param {string} path
 */
export function loadCheckpoint(path) {
  const file = JSON.parse(readFileSync(path, "utf8"));
  if (file.format !== FORMAT) throw new Error(`${path} is no "${FORMAT}"`);
  if (file.endianness !== endianness()) throw new Error(`${path} was written on a machine with the other byte order`);
  return decode(file.values);
}

/** Arrays as base64 of their bytes: decimals would be longer, and JSON has neither NaN nor -0. */
function encode(value) {
  if (ArrayBuffer.isView(value)) {
    const type = value.constructor.name;
    if (!(type in arrayTypes)) throw new TypeError(`a checkpoint cannot hold a ${type}`);
    return { [type]: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  }
  if (typeof value === "number")
    return JSON.parse(JSON.stringify(value)) === value && !Object.is(value, -0) ? value : encodeNumber(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value?.constructor !== Object) throw new TypeError(`a checkpoint cannot hold ${value}`);
  return { object: Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, encode(entry)])) };
}

/** NaN, the infinities and -0. */
function encodeNumber(value) {
  return { number: Object.is(value, -0) ? "-0" : String(value) };
}

function decode(value) {
  if (typeof value !== "object") return value;
  const [[kind, content]] = Object.entries(value);
  if (kind === "number") return Number(content);
  if (kind === "object") return Object.fromEntries(Object.entries(content).map(([name, entry]) => [name, decode(entry)]));
  const bytes = new Uint8Array(Buffer.from(content, "base64")); // a copy of its own, so that its start is aligned
  return new arrayTypes[kind](bytes.buffer);
}
