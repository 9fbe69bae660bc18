/** Who gets the free places of an executor: higher priority first, and those of the same priority in equal parts. */
import type { LaneLoad } from "../../ports/loads.ts";

export type LaneWish = { readonly lane: LaneLoad; readonly most: number };
export type LaneShare = { readonly lane: LaneLoad; readonly count: number };

export function laneShares(wishes: readonly LaneWish[], places: number): LaneShare[] {
  const shares: LaneShare[] = [];
  let left = places;
  const priorities = [...new Set(wishes.map(({ lane }) => lane.priority))].sort((a, b) => b - a);
  for (const priority of priorities) {
    let open = wishes.filter(({ lane }) => lane.priority === priority).map((wish) => ({ ...wish, count: 0 }));
    // One place each in turn, many turns at a time.
    while (left > 0 && open.length > 0) {
      const each = Math.max(1, Math.floor(left / open.length));
      for (const wish of open) {
        const taken = Math.min(each, wish.most - wish.count, left);
        wish.count += taken;
        left -= taken;
      }
      shares.push(
        ...open
          .filter((wish) => wish.count === wish.most || left === 0)
          .filter((wish) => wish.count > 0)
          .map(({ lane, count }) => ({ lane, count })),
      );
      open = open.filter((wish) => wish.count < wish.most && left > 0);
    }
  }
  return shares;
}
