import { describe, expect, it } from "vitest";
import { leftoverRules } from "../../../sandbox/engine/host-network";

const SAVED = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -j DOCKER-USER
-A FORWARD -o clocker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A POSTROUTING -s 198.18.255.0/24 ! -o clocker0 -j MASQUERADE
-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE
COMMIT`;

const calls = (dockerChains: boolean) =>
  leftoverRules(SAVED, "clocker0", { dockerChains }).map(({ table, args }) => `${table} ${args.join(" ")}`);

describe("leftoverRules", () => {
  it("removes rules of the private bridge alone where another Docker's chains were there before", () => {
    expect(calls(true)).toEqual([
      "filter -D FORWARD -o clocker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "nat -D POSTROUTING -s 198.18.255.0/24 ! -o clocker0 -j MASQUERADE",
    ]);
  });

  it("removes Docker's chains with their jumps where there were none before, and nobody else's rule", () => {
    expect(calls(false)).toEqual([
      "filter -D FORWARD -j DOCKER-USER",
      "filter -D FORWARD -o clocker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "filter -D DOCKER-USER -j RETURN",
      "nat -D POSTROUTING -s 198.18.255.0/24 ! -o clocker0 -j MASQUERADE",
      "filter -F DOCKER",
      "filter -X DOCKER",
      "filter -F DOCKER-USER",
      "filter -X DOCKER-USER",
      "nat -F DOCKER",
      "nat -X DOCKER",
    ]);
  });

  it("finds nothing on a machine without any", () => {
    expect(leftoverRules("", "clocker0", { dockerChains: false })).toEqual([]);
  });
});
