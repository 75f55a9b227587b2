// Tells the schema library not to try whether it may run text as code: it may not. To be imported before any module that makes a schema.

import * as z from "zod";

z.config({ jitless: true });
