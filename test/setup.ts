// Property tests take the same cases every time, so that a red build is somebody's change; `npm run test:long` takes new ones.

import fc from "fast-check";

if (process.env["LONG"] === undefined) fc.configureGlobal({ seed: 20261121 });
