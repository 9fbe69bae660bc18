import { first } from "./0001-first.ts";
import { environments } from "./0002-environments.ts";
import { chats } from "./0003-chats.ts";
import { duty } from "./0004-duty.ts";
import { people } from "./0005-people.ts";
import { releases } from "./0006-releases.ts";
import { campaigns } from "./0007-campaigns.ts";
import { conditions } from "./0008-conditions.ts";
import { signoffs } from "./0009-signoffs.ts";
import { madeAnew } from "./0010-made-anew.ts";
import { publications } from "./0011-publications.ts";
import { tickets } from "./0012-tickets.ts";
import { judgements } from "./0013-judgements.ts";
import type { Migration } from "./migration.ts";

/** In order. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  environments,
  chats,
  duty,
  people,
  releases,
  campaigns,
  conditions,
  signoffs,
  madeAnew,
  publications,
  tickets,
  judgements,
];
