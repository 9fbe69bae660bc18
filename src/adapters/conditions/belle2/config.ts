import { z } from "zod";
import { serverOptions } from "../options.ts";

/** `conditions: server: belle2: ...` in `calops.yaml`: the REST interface that b2conditionsdb speaks to. */
export const belle2Options = z.strictObject({
  url: serverOptions.url.meta({ description: "Address up to before v2/, for example https://.../b2s/rest/" }),
  token: serverOptions.token,
  timeout: serverOptions.timeout,
});

export type Belle2Options = z.output<typeof belle2Options>;
