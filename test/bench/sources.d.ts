// Types of sources.js, for the tests that read it.

type SourceOfSize = (count: number) => string;

export const chain: SourceOfSize;
export const recurrence: SourceOfSize;
export const product: SourceOfSize;
export const plainProduct: SourceOfSize;
export const nested: SourceOfSize;
export const nestedStatements: SourceOfSize;
export const sources: Readonly<
  Record<"chain" | "recurrence" | "product" | "plainProduct" | "nested" | "nestedStatements", SourceOfSize>
>;
export const S7: string;
