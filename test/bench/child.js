// One contestant in a process of its own: what another library leaves behind in the engine doubles the time of the next.
// node child.js <benchmark> <JSON of what the benchmark's `contest` takes>; prints what that answers.

const [, , benchmark, request] = process.argv;
const { contest } = await import(`./${benchmark}.js`);
const answer = await contest(JSON.parse(request));
process.stdout.write(JSON.stringify(answer));
process.exit(0); // some libraries keep timers
