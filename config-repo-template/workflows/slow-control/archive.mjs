/**
 * A simulated archive with the moods of a real one: a server is busy or drops the connection, mostly only once, and about
 * one run in six has no gas record at all.
 */
import { gauss, randomFrom } from "../../lib/random.mjs";

const SERVERS = ["sc-db-1", "sc-db-2"];

export class ArchiveError extends Error {
  constructor(message, { busy = false } = {}) {
    super(message);
    this.busy = busy;
  }
}

/** One sample a minute of the run. */
export function readArchive({ number: run, start, end, gas_temperature }, attempt) {
  const server = SERVERS[run % SERVERS.length];
  const mood = randomFrom(77 * run)();
  if (mood < 1 / 6) throw new ArchiveError(`archive ${server} has no gas record for run ${run}`);
  if (mood < 2 / 6 && attempt === 1) throw new ArchiveError(`archive ${server} is busy`, { busy: true });
  if (mood < 3 / 6 && attempt <= 1 + (run % 2)) throw new ArchiveError(`archive ${server} closed the connection`);

  const random = randomFrom(run);
  const minutes = Math.max(1, Math.round((Date.parse(end) - Date.parse(start)) / 60_000));
  const samples = Array.from({ length: minutes + 1 }, (_, minute) => ({
    minute,
    pressure_mbar: rounded(1013 + 0.03 * minute + 0.4 * gauss(random)),
    temperature_c: rounded(gas_temperature + 0.1 * gauss(random)),
    high_voltage_v: rounded(1820 + 1.5 * gauss(random)),
  }));
  return { server, samples };
}

function rounded(value) {
  return Math.round(100 * value) / 100;
}
