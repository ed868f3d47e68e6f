// The text of these objects is stored in the state of every resource and runs for as long as that resource exists: never
// change it. It only forwards to the compiled handlers of the project in whose folder the engine runs.
"use strict";

function provider(kind) {
  const call = (method, args) => require(`${process.cwd()}/bin/providers/handlers.js`).dispatch(kind, method, args);
  return {
    configure: (...a) => call("configure", a),
    check: (...a) => call("check", a),
    diff: (...a) => call("diff", a),
    create: (...a) => call("create", a),
    read: (...a) => call("read", a),
    update: (...a) => call("update", a),
    delete: (...a) => call("delete", a),
  };
}

exports.providers = {
  "marathon.App": provider("marathon.App"),
  "marathon.Group": provider("marathon.Group"),
  "marathon.Pod": provider("marathon.Pod"),
  "machine.SshKey": provider("machine.SshKey"),
  "machine.Setup": provider("machine.Setup"),
  "docker.Build": provider("docker.Build"),
  "docker.Readiness": provider("docker.Readiness"),
  "calico.AddressRange": provider("calico.AddressRange"),
  "calico.BGPConfiguration": provider("calico.BGPConfiguration"),
  "calico.BGPFilter": provider("calico.BGPFilter"),
  "calico.BGPPeer": provider("calico.BGPPeer"),
  "calico.Datastore": provider("calico.Datastore"),
  "calico.FelixConfiguration": provider("calico.FelixConfiguration"),
  "calico.GlobalNetworkPolicy": provider("calico.GlobalNetworkPolicy"),
  "calico.GlobalNetworkSet": provider("calico.GlobalNetworkSet"),
  "calico.Host": provider("calico.Host"),
  "calico.HostEndpoint": provider("calico.HostEndpoint"),
  "calico.IPPool": provider("calico.IPPool"),
  "calico.IPReservation": provider("calico.IPReservation"),
  "calico.NetworkPolicy": provider("calico.NetworkPolicy"),
  "calico.NetworkSet": provider("calico.NetworkSet"),
  "calico.Node": provider("calico.Node"),
  "calico.Profile": provider("calico.Profile"),
  "calico.ServiceAddress": provider("calico.ServiceAddress"),
  "calico.Tier": provider("calico.Tier"),
  "calico.WorkloadEndpoint": provider("calico.WorkloadEndpoint"),
  "dns.RecordSet": provider("dns.RecordSet"),
};
