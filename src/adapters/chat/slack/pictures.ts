/** Pictures are files of Slack's, shown where their message stands. */
import type { webApi } from "@slack/bolt";
import type { Picture } from "../../../core/say.ts";
import type { Log } from "../../../ports/log.ts";
import { printable } from "./elements.ts";
import { chatErrorOf } from "./failure.ts";
import { cutTo } from "./graphemes.ts";

const MOST_IN_TITLE = 200;

/** A picture that Slack does not take is told of by its title; the message is there, and is not sent again for it. */
export async function showPictures(
  { client, log }: { readonly client: webApi.WebClient; readonly log: Log },
  { channel, thread }: { readonly channel: string; readonly thread: string | undefined },
  pictures: readonly Picture[],
): Promise<void> {
  for (const { png, title } of pictures) {
    const file = Buffer.from(png, "base64");
    const shown = cutTo(printable(title), MOST_IN_TITLE);
    const what = { file, filename: `${fileName(shown)}.png`, title: shown, alt_text: shown };
    try {
      await client.files.uploadV2(
        thread === undefined ? { channel_id: channel, ...what } : { channel_id: channel, thread_ts: thread, ...what },
      );
    } catch (error) {
      log.warn({ title: shown, error: chatErrorOf(error, "show a picture").message }, "Slack did not take a picture");
    }
  }
}

function fileName(title: string): string {
  return title.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "picture";
}
