/**
 * One threshold for each of many channels. As in CMS' prompt calibration loop, a change counts from a minimum on and when it is
 * significant; one that is too large, or too uncertain, vetoes. What counts asks, and so does a channel that appeared,
 * disappeared or has no error; a few may, where that is declared.
 */
import type { Metrics } from "../job/outputs.ts";
import { plural } from "../say.ts";
import { firstInWords } from "./judge-condition.ts";
import { type ThresholdFinding, VERDICTS, type Verdict } from "./judgement.ts";
import { rounded, type Seen } from "./seen.ts";
import type { ChannelThreshold, First } from "./thresholds.ts";

/** More than anybody looks at; how many there were stands in the finding of the threshold itself. */
const MOST_KEPT = 50;

type Channel = {
  readonly channel: string;
  readonly verdict: Verdict;
  readonly detail: string;
  /** Undefined where it cannot be told. */
  readonly change: number | undefined;
  readonly numbers: Readonly<Record<string, number>>;
};

/** First what became of all, then the channels that are worth a look, the worst first. */
export function judgeChannels(threshold: ChannelThreshold, seen: Seen, first: First): ThresholdFinding[] {
  const { name, prefix, error, against, mayAsk } = threshold;
  const whole = (verdict: Verdict, detail: string, numbers = {}): ThresholdFinding => ({
    name,
    verdict,
    detail,
    numbers,
  });
  const values = byChannel(seen.metrics, prefix, error);
  if (values.size === 0) return [whole("ask", `the result has no metric that begins with ${prefix}`)];
  const compared = against === "zero" ? {} : seen[against];
  if (!compared && against === "reference") return [whole("ask", "the reference has no result")];
  if (!compared) return [whole(first, firstInWords(first), { channels: values.size })];

  const before = against === "zero" ? undefined : byChannel(compared, prefix, error);
  const errors = error === undefined ? undefined : byChannel(seen.metrics, error, prefix);
  const all = [...new Set([...values.keys(), ...(before?.keys() ?? [])])].map((channel) =>
    judgeChannel(threshold, channel, {
      value: values.get(channel),
      before: before ? before.get(channel) : 0,
      error: errors?.get(channel),
    }),
  );
  const of = (verdict: Verdict) => all.filter((one) => one.verdict === verdict).length;
  const [asking, vetoing] = [of("ask"), of("veto")];
  const numbers = {
    channels: all.length,
    asking,
    vetoing,
    may_ask: mayAsk,
    largest_change: all.reduce((most, { change = 0 }) => Math.max(most, Math.abs(change)), 0),
  };
  const verdict = vetoing > 0 ? "veto" : asking > mayAsk ? "ask" : "accept";
  return [
    whole(verdict, wholeInWords(numbers), numbers),
    ...all
      .sort(worstFirst)
      .slice(0, MOST_KEPT)
      .map(({ channel, verdict: own, detail, numbers: read }) => {
        const forgiven = own === "ask" && asking <= mayAsk;
        return {
          name,
          channel,
          verdict: forgiven ? ("accept" as const) : own,
          detail: forgiven ? `${detail}; so few may` : detail,
          numbers: read,
        };
      }),
  ];
}

/** What has no change, since something is missing, is worse than any. */
function worstFirst(a: Channel, b: Channel): number {
  const size = ({ change }: Channel) => (change === undefined ? Number.MAX_VALUE : Math.abs(change));
  return VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) || size(b) - size(a);
}

type Counts = {
  readonly channels: number;
  readonly asking: number;
  readonly vetoing: number;
  readonly may_ask: number;
};

function wholeInWords({ channels, asking, vetoing, may_ask: mayAsk }: Counts): string {
  const asks = `${asking} of ${plural(channels, "channel")} ${asking === 1 ? "asks" : "ask"}`;
  if (vetoing > 0)
    return `${vetoing} of ${plural(channels, "channel")} ${vetoing === 1 ? "changes" : "change"} too much`;
  if (asking > mayAsk) return mayAsk === 0 ? asks : `${asks}, and ${mayAsk} may`;
  return asking === 0 ? `no change of ${plural(channels, "channel")} counts` : `${asks}, and ${mayAsk} may`;
}

type Found = Readonly<Record<"value" | "before" | "error", number | undefined>>;

function judgeChannel(threshold: ChannelThreshold, channel: string, { value, before, error }: Found): Channel {
  const { act, significance, most, mostError } = threshold;
  const given = Object.entries({ value, before, error }).flatMap(([key, one]) =>
    one === undefined ? [] : [[key, one] as const],
  );
  const found = (verdict: Verdict, detail: string, change?: number): Channel => ({
    channel,
    verdict,
    detail,
    change,
    numbers: { ...Object.fromEntries(given), ...(change !== undefined && { change }) },
  });
  if (value === undefined) return found("ask", "it had a value before and has none now");
  if (before === undefined) return found("ask", "it has a value now and had none before");
  const change = value - before;
  const size = Math.abs(change);
  const moved = `change ${rounded(change)}`;
  if (size > most) return found("veto", `${moved}: more than the ${most} that it may be`, change);
  if (size < act) return found("accept", `${moved}: less than ${act}`, change);
  if (threshold.error === undefined) return found("ask", `${moved}: ${act} or more`, change);
  if (error === undefined || error < 0)
    return found("ask", `${moved}, and its error is ${error === undefined ? "not there" : "less than nothing"}`);
  if (mostError !== undefined && error > mostError)
    return found("veto", `${moved}, known to ${rounded(error)} only: worse than ${mostError}`, change);
  const sigmas = size / error;
  if (significance !== undefined && !(sigmas >= significance))
    return found("accept", `${moved}: ${rounded(sigmas)} times its error, less than ${significance}`, change);
  const certain = Number.isFinite(sigmas) ? `, ${rounded(sigmas)} times its error` : "";
  return found("ask", `${moved}: ${act} or more${certain}`, change);
}

/** By what follows the prefix. @param other a prefix of other metrics, which may begin with this one: the longer counts */
function byChannel(metrics: Metrics, prefix: string, other: string | undefined): Map<string, number> {
  const isOther = (name: string) => other !== undefined && other.length > prefix.length && name.startsWith(other);
  return new Map(
    Object.entries(metrics).flatMap(([name, value]) =>
      name.startsWith(prefix) && name.length > prefix.length && !isOther(name)
        ? [[name.slice(prefix.length), value] as const]
        : [],
    ),
  );
}
