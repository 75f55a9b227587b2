// What a loader for TypeScript does, for bundlers that have none of their own.

const ts = require("typescript");

module.exports = (source) => ts.transpileModule(source, { compilerOptions: { target: "es2022", module: "esnext" } }).outputText;
