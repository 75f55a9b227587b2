// Names of what `gen` can print of a source; apart from what they do, so that help comes at once.

export const FORMATS = ["code", "latex", "svg", "dot"] as const;
export type FormatName = (typeof FORMATS)[number];

/** Of `gen explain`. */
export const EXPLANATION_FORMATS = ["markdown", "html", "latex"] as const;
export type ExplanationFormat = (typeof EXPLANATION_FORMATS)[number];
