// A tensor: a table of its numbers where they are few, and fresh random ones at a press.

import type { InputField } from "../protocol.ts";

export interface TensorInputProps {
  readonly field: InputField;
  readonly values: readonly number[];
  readonly sizes: Readonly<Record<string, number>>;
  readonly onChange: (values: readonly number[]) => void;
}

/** More numbers than these are not shown one by one. */
const MOST_SHOWN = 60;

export function TensorInput({ field, values, sizes, onChange }: TensorInputProps) {
  const shape = field.shape.map((dim) => (typeof dim === "number" ? dim : (sizes[dim] ?? dim)));
  const width = typeof shape.at(-1) === "number" ? Number(shape.at(-1)) : 1;
  return (
    <details class="tensor-input" open={values.length <= 20}>
      <summary>
        <code>{field.name}</code> <span class="shape">[{shape.join(", ")}]</span>
        {field.role !== "param" && <span class="role">{field.role === "const" ? "constant" : "data"}</span>}
        {field.dtype === "integer" && <span class="role">whole</span>}
      </summary>
      {values.length <= MOST_SHOWN ? (
        <Table field={field} values={values} width={field.shape.length === 1 ? values.length : width} onChange={onChange} />
      ) : (
        <p class="quiet">{values.length} numbers</p>
      )}
      {field.sample === undefined && (
        <button type="button" onClick={() => onChange(values.map(() => randomElement(field)))}>
          Random
        </button>
      )}
    </details>
  );
}

interface TableProps {
  readonly field: InputField;
  readonly values: readonly number[];
  readonly width: number;
  readonly onChange: (values: readonly number[]) => void;
}

function Table({ field, values, width, onChange }: TableProps) {
  const columns = Math.min(width, 8);
  const isWhole = field.dtype !== "real";
  return (
    <div class="cells" style={{ gridTemplateColumns: `repeat(${columns}, minmax(3.2rem, 1fr))` }}>
      {values.map((value, at) => (
        <input
          key={at}
          type="number"
          aria-label={`${field.name}, ${placeOf(at, width, field.shape.length)}`}
          step={isWhole ? 1 : "any"}
          min={isWhole ? 0 : undefined}
          max={isWhole && field.below !== undefined ? field.below - 1 : undefined}
          value={value}
          onInput={(event) => {
            const { valueAsNumber } = event.currentTarget;
            const fits = isWhole ? Number.isInteger(valueAsNumber) : Number.isFinite(valueAsNumber);
            if (fits) onChange(values.map((old, index) => (index === at ? valueAsNumber : old)));
          }}
          onBlur={(event) => (event.currentTarget.value = String(value))}
        />
      ))}
    </div>
  );
}

/** `row 1, column 2`, counted from 1 as the language does. */
function placeOf(at: number, width: number, rank: number): string {
  return rank === 1 ? `element ${at + 1}` : `row ${Math.floor(at / width) + 1}, column ${(at % width) + 1}`;
}

function randomElement({ dtype, domain, below }: InputField): number {
  if (dtype === "integer") return Math.floor(Math.random() * (below ?? 3));
  if (dtype === "boolean") return Math.random() < 0.5 ? 0 : 1;
  const [low, high] = domain ?? [-1, 1];
  return Number((low + (high - low) * Math.random()).toFixed(2));
}
