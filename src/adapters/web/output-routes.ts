/** Output files of jobs, plots among them. A file that a job wrote is shown in a box in which it can do nothing. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Queries } from "../../ports/queries.ts";
import type { Workspace } from "../../ports/workspace.ts";
import type { Access } from "./access.ts";
import { outputPage } from "./addresses.ts";
import { nothingThere } from "./log-routes.ts";

type OutputRequest = FastifyRequest<{
  Params: { job: string; attempt: string; "*": string };
  Querystring: { k?: string };
}>;

/** What a browser may show; anything else is downloaded. */
const SHOWN: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  pdf: "application/pdf",
  json: "application/json",
  jsonl: "text/plain; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  csv: "text/plain; charset=utf-8",
  log: "text/plain; charset=utf-8",
};

export function outputRoutes(
  server: FastifyInstance,
  { queries, workspace, access }: { queries: Queries; workspace: Workspace; access: Access },
): void {
  server.get("/outputs/:job/:attempt/*", async (request: OutputRequest, reply) => {
    const { job, attempt: number, "*": path } = request.params;
    const address = { jobId: Number(job), attempt: Number(number) };
    if (
      !Number.isInteger(address.jobId) ||
      !Number.isInteger(address.attempt) ||
      !access.opens(outputPage(address), request.query.k)
    )
      return await nothingThere(reply);
    const attempt = await queries.attempt(address.jobId, address.attempt);
    const file = attempt && (await workspace.openOutput(attempt.directory, path));
    if (!file) return await nothingThere(reply);
    const type = SHOWN[path.split(".").at(-1)?.toLowerCase() ?? ""];
    return await reply
      .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .header("content-disposition", type === undefined ? "attachment" : "inline")
      .header("content-length", file.bytes)
      .type(type ?? "application/octet-stream")
      .send(file.stream);
  });
}
