// What a worker thread runs: one source, compiled and checked.

import { makeArtifact, type Artifact, type ArtifactRequest } from "./artifact.ts";

export default (request: ArtifactRequest): Promise<Artifact> => makeArtifact(request);
