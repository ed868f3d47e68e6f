# MariaDB on a socket of this container, RabbitMQ on its loopback.
sql() { mariadb --no-defaults --user=root --socket="$DATABASE_SOCKET" "$@"; }

start_database() {
  if [ ! -d "$STATE/db" ]; then
    rm -rf "$STATE/db.part"
    cp -a /opt/cloud/seed "$STATE/db.part"
    mv "$STATE/db.part" "$STATE/db"
  fi
  # At each commit the log goes to the system, which outlives any kill; syncing it to the disk would only cost time.
  start mariadb mariadbd --no-defaults --user=root --datadir="$STATE/db" --socket="$DATABASE_SOCKET" \
    --pid-file="$RUN/mariadb.pid" --skip-networking --skip-log-bin --performance-schema=off \
    --innodb-buffer-pool-size=64M --innodb-log-file-size=16M --innodb-flush-log-at-trx-commit=2 \
    --max-connections=400 --character-set-server=utf8 --collation-server=utf8_general_ci
}

# The queue holds nothing that a restart needs: it begins empty each time, without anything to recover.
start_queue() {
  local home=$RUN/rabbitmq
  mkdir -p -m 700 "$home"
  export HOME=$home ERL_EPMD_ADDRESS=127.0.0.1 # the Erlang cookie lies in HOME
  start epmd epmd -address 127.0.0.1
  start rabbitmq env RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
    RABBITMQ_NODE_PORT=5672 RABBITMQ_DIST_PORT=25672 RABBITMQ_CONFIG_FILE="$ETC/rabbitmq" \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_ENABLED_PLUGINS_FILE=/dev/null \
    RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$LOG" RABBITMQ_PID_FILE="$RUN/rabbitmq.pid" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server
}

queue_answers() { (exec 3<> /dev/tcp/127.0.0.1/5672); }
