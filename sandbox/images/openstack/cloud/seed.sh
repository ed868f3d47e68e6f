#!/usr/bin/env bash
# Runs while the image is built: the empty schemas of all services, which would cost half a minute at every first start.
# Nothing secret is in them; a cloud copies them into its volume and then makes its own users and keys.
set -euo pipefail
SEED=/opt/cloud/seed
work=$(mktemp -d)
mkdir -p "$SEED"
mariadb-install-db --no-defaults --user=root --datadir="$SEED" --auth-root-authentication-method=socket \
  --skip-test-db --innodb-log-file-size=16M > "$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
mariadbd --no-defaults --user=root --datadir="$SEED" --socket="$work/sock" --skip-networking --skip-log-bin \
  --performance-schema=off --innodb-log-file-size=16M --innodb-flush-log-at-trx-commit=0 \
  --character-set-server=utf8 --collation-server=utf8_general_ci > "$work/mariadb.log" 2>&1 &
server=$!
sql() { mariadb --no-defaults --user=root --socket="$work/sock" "$@"; }
for _ in $(seq 120); do sql -e 'select 1' > /dev/null 2>&1 && break; sleep 0.25; done
for name in keystone glance placement neutron nova_api nova nova_cell0; do sql -e "create database $name"; done

url() { echo "mysql+pymysql://root@localhost/$1?charset=utf8&unix_socket=$work/sock"; }
for name in keystone glance neutron; do printf '[database]\nconnection = %s\n' "$(url $name)" > "$work/$name.conf"; done
printf '[DEFAULT]\ncore_plugin = ml2\n' >> "$work/neutron.conf"
printf '[placement_database]\nconnection = %s\n' "$(url placement)" > "$work/placement.conf"
printf '[DEFAULT]\ntransport_url = rabbit://cloud:none@127.0.0.1:5672/\n' > "$work/nova.conf"
printf '[api_database]\nconnection = %s\n[database]\nconnection = %s\n' "$(url nova_api)" "$(url nova)" >> "$work/nova.conf"

nova() { nova-manage --config-file "$work/nova.conf" "$@"; }
lane_a() {
  keystone-manage --config-file "$work/keystone.conf" db_sync
  nova api_db sync
  # The cells keep templates: each cloud's own configuration fills in address and password.
  nova cell_v2 map_cell0 --database_connection '{scheme}://{username}@{hostname}/nova_cell0?{query}'
  nova cell_v2 create_cell --name cell1 --transport-url '{scheme}://{username}:{password}@{hostname}:{port}/' \
    --database_connection '{scheme}://{username}@{hostname}/{path}?{query}'
  nova db sync
}
lane_b() {
  neutron-db-manage --config-file "$work/neutron.conf" upgrade heads
  glance-manage --config-file "$work/glance.conf" db_sync
  placement-manage --config-file "$work/placement.conf" db sync
}
(set -e; lane_a) > "$work/a.log" 2>&1 & a=$!
(set -e; lane_b) > "$work/b.log" 2>&1 & b=$!
wait "$a" || { tail -n 30 "$work/a.log"; exit 1; }
wait "$b" || { tail -n 30 "$work/b.log"; exit 1; }
kill "$server"
wait "$server"
rm -rf "$work"
du -sh "$SEED"
