import { describe, expect, it } from "vitest";
import { create, expectNotValid, refusal } from "./refusals";

const app = (rest: object) => ({ id: "/a", cmd: "sleep 1", ...rest });

describe("rules for constraints", () => {
  it.each<[string[], string]>([
    [["a"], "Each constraint must have either 2 or 3 fields"],
    [["", "UNIQUE"], "illegal constraint specification"],
    [["a", ""], "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS"],
    [["a", "UNIQUE", ""], "UNIQUE does not accept a value"],
    [["a", "GROUP_BY", "2147483648"], "GROUP BY must define an integer value or else no value at all"],
    [["a", "MAX_PER"], "MAX_PER requires an integer value"],
    [["a", "UNLIKE"], "LIKE and UNLIKE require a non-empty, regular expression value"],
    [["a", "LIKE", "("], "is not a valid regular expression"],
    [
      ["a", "IS", "{x}"],
      "IS only supports Mesos text and float values (see http://mesos.apache.org/documentation/latest/attributes-resources/)",
    ],
  ])("%j is refused", (constraint, error) =>
    expectNotValid(() => create(app({ constraints: [constraint] })), { "/constraints": [error] }),
  );

  it.each([[["a", "GROUP_BY", "+3"]], [["a", "LIKE", ""]], [["a", "CLUSTER"]], [["a", "IS", "a/b_c.1-2"]]])(
    "%j is accepted",
    (constraint) => expect(create(app({ constraints: [constraint] })).constraints).toEqual([constraint]),
  );

  it("an operator in lower case passes the rules and cannot be kept", () => {
    const answer = refusal(() => create(app({ constraints: [["a", "like", "b"]] })));
    expect(answer).toMatchObject({ status: 500, message: "illegal constraint specification a,like,b" });
  });
});
