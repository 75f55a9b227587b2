// npm run bench: all benchmarks, or those named: npm run bench -- s7 counts. Prints Markdown. The package must have been built.

const BENCHMARKS = ["counts", "s7", "run-time", "compile-time", "networks", "solvers", "startup", "project", "teaching", "tsc"];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${BENCHMARKS.join(", ")}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : BENCHMARKS) {
  const { report } = await import(`./${name}.js`);
  console.log(await report());
  console.log();
}
