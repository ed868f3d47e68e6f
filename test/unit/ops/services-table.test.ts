import { expect, test } from "vitest";
import { renderServices } from "../../../ops/services-table";

const redis = {
  location: "my-openstack-cloud",
  platform: "openstack",
  address: "192.0.2.9",
  endpoints: ["192.0.2.9:6379"],
  state: "RUNNING",
};
const web = {
  location: "my-docker-cloud/a",
  platform: "docker",
  address: "192.0.2.1",
  endpoints: [],
  state: "RUNNING",
};

test("the service table shows where services answer, in columns as wide as they need", () => {
  expect(renderServices({ services: { redis, web } }).split("\n")).toEqual([
    "SERVICE  LOCATION            ADDRESS         STATE",
    "redis    my-openstack-cloud  192.0.2.9:6379  RUNNING",
    "web      my-docker-cloud/a   192.0.2.1       RUNNING",
  ]);
});

test("addresses in Calico are a column where any service has one", () => {
  const services = { redis, web: { ...web, calicoAddress: "198.18.0.1" } };
  expect(renderServices({ services }).split("\n")).toEqual([
    "SERVICE  LOCATION            ADDRESS         CALICO      STATE",
    "redis    my-openstack-cloud  192.0.2.9:6379  -           RUNNING",
    "web      my-docker-cloud/a   192.0.2.1       198.18.0.1  RUNNING",
  ]);
});
