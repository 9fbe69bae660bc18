import { expect, test } from "vitest";
import { bubblewrapOptions } from "../../../src/adapters/isolation/bubblewrap.ts";
import { onDemand } from "../../../src/adapters/isolation/on-demand.ts";

const MOUNTINFO = `25 30 0:23 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
30 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
40 25 0:29 / /proc/sys/fs/binfmt_misc rw,relatime shared:15 - autofs systemd-1 rw,fd=29,pgrp=1,timeout=0,direct
98 30 0:43 / /cvmfs rw,relatime shared:51 - autofs /etc/auto.cvmfs rw,fd=7,pgrp=1021,timeout=300,indirect
101 98 0:46 / /cvmfs/sft.cern.ch ro,nosuid,nodev,relatime shared:54 - fuse cvmfs2 ro,user_id=989
110 30 0:50 / /data\\040sets rw,relatime shared:60 - autofs auto.data rw,fd=13,pgrp=1030,indirect
111 110 0:51 / /data\\040sets/raw rw,relatime shared:61 - nfs4 store:/raw rw,vers=4.2
120 30 0:55 / /scratch rw,relatime shared:70 - autofs systemd-1 rw,fd=31,pgrp=1,direct
121 120 8:17 / /scratch rw,relatime shared:71 - xfs /dev/sdb1 rw
`;

test("of what is mounted on demand that is seen which is there, and software whenever it is asked for", () => {
  expect(onDemand(MOUNTINFO)).toEqual({
    points: ["/data sets", "/scratch"],
    mounted: ["/data sets/raw", "/scratch"],
  });
  expect(onDemand("")).toEqual({ points: [], mounted: [] });
});

test("what is to be hidden stays so where it lies on such a file system", () => {
  const places = { root: "/data", alias: undefined, hidden: ["/nfs/users/calops"], kept: [] };
  const demand = { points: ["/nfs"], mounted: ["/nfs/users"] };
  const mounts = { directory: "/", readable: [], writable: [] };
  const options = bubblewrapOptions({ ...places, onDemand: demand }, mounts, false).join(" ");
  expect(options).toMatch(/--tmpfs \/nfs .*--ro-bind \/nfs\/users \/nfs\/users .*--tmpfs \/nfs\/users\/calops /);
});
