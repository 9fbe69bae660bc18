/** `calops VERB ...`: what the program itself does, and everything else is a command of the bot. */
import { formatIssue } from "../core/config/issue.ts";
import { parseProgram, WrongUse } from "./arguments.ts";
import type { World } from "./world.ts";

/** @returns the exit code: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong usage */
export async function runProgram(world: World): Promise<number> {
  try {
    const args = parseProgram(world.args);
    if (args.options["version"]) return await (await import("./version.ts")).printVersion(world);
    // Only what is needed is loaded: a command is given often, and is to answer at once.
    switch (args.verb) {
      case "start":
        return await (await import("./start.ts")).start(args, world);
      case "init":
        return await (await import("./init.ts")).init(args, world);
      case "backup":
        return await (await import("./backup.ts")).backup(args, world);
      case "validate":
        return await (await import("./validate.ts")).validate(args, world);
      case "doctor":
        return await (await import("./doctor.ts")).doctor(args, world);
      case "schema":
        return await (await import("./schema.ts")).schema(args, world);
      case "plan": {
        const { isLocalPlan, plan } = await import("./plan.ts");
        return isLocalPlan(args)
          ? await plan(args, world)
          : await (await import("./give-command.ts")).giveCommand(args, world);
      }
      case undefined:
      case "--help":
      case "-h":
        return await (await import("./usage.ts")).printUsage(world);
      default:
        return await (await import("./give-command.ts")).giveCommand(args, world);
    }
  } catch (error) {
    const issues = (error as { issues?: readonly Parameters<typeof formatIssue>[0][] }).issues;
    if ((error as Error).name === "ConfigRefused" && issues)
      for (const issue of issues) world.errors.write(`${formatIssue(issue)}\n`);
    world.errors.write(`calops: ${(error as Error).message}\n`);
    return error instanceof WrongUse ? 2 : 1;
  }
}
