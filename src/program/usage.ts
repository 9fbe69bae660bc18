import type { World } from "./world.ts";

const USAGE = `calops carries the calibration of an experiment from a git repository and a chat room.

  calops init DIR                  a config repository of your own, from the template
  calops start                     the bot; in a terminal, with a prompt for commands
      --config URL|DIR             the config repository; without it, the template's own copy in the data directory
      --data DIR                   where everything is kept (./data, or CALOPS_DATA)
      --port N --host ADDRESS      where it listens (127.0.0.1:8470)
      --url URL                    the address under which others reach it, for links
      --store postgres://...       a PostgreSQL server instead of SQLite (or CALOPS_STORE)
      --until-idle                 end once there is nothing left to do by itself
  calops validate [DIR]            check a config repository
  calops plan --from REF [--to REF]   what going from one commit to another would change, in the repository that one stands in
                                   (or --config DIR); calops plan [REF] asks the bot, which knows what it would touch
  calops schema NAME               the JSON Schema of a file of it, for editors: calops, people, environments, alerts,
                                   runtypes, tag, campaign, workflow
  calops schema --write DIR        all of them, as NAME.json; the template's editor settings look in .vscode/schemas
  calops doctor [--json]           looks at every connection as an administrator would, and says of each what is to be done; with the
                                   options of start, whether or not a bot runs; ends with 1 where something is bad
  calops backup FILE               a copy of the store, while the bot runs

  calops COMMAND [ARGUMENTS] [--json]    any command of the chat, to the bot of --data, or of CALOPS_URL with CALOPS_TOKEN:
                                         status, runs, tasks, why, logs ... (calops help lists them)
`;

export async function printUsage({ output }: World): Promise<number> {
  output.write(USAGE);
  return 0;
}
