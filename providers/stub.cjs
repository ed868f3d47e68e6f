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
  "machine.SshKey": provider("machine.SshKey"),
  "machine.Setup": provider("machine.Setup"),
  "docker.Readiness": provider("docker.Readiness"),
};
