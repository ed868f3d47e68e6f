import { expect, it } from "vitest";
import { mountPoints } from "../../../sandbox/engine/mounts";

const TABLE = `22 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw
30 28 0:4 net:[4026532281] /run/engine/exec/netns/default rw shared:9 - nsfs nsfs rw
31 28 8:1 /data /run/engine rw,relatime shared:1 - ext4 /dev/sda1 rw
32 31 0:50 / /run/engine/a\\040folder rw - overlay overlay rw
33 28 0:4 net:[4026532282] /run/engine-of-others/netns rw - nsfs nsfs rw
`;

it("finds what is mounted on a folder and below it, the last mount first, and nothing of its neighbours", () => {
  expect(mountPoints(TABLE, "/run/engine")).toEqual([
    "/run/engine/a folder",
    "/run/engine",
    "/run/engine/exec/netns/default",
  ]);
  expect(mountPoints(TABLE, "/run/engine/exec")).toEqual(["/run/engine/exec/netns/default"]);
  expect(mountPoints(TABLE, "/run/eng")).toEqual([]);
});
