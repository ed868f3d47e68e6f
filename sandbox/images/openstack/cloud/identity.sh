# Keystone: keys and the administrator once per volume, then users, catalogue and the public address at every start.

# threaded NAME PORT WSGI-FILE VARIABLE=VALUE...: a service that runs under uWSGI.
threaded() {
  local name=$1 port=$2 file=$3
  shift 3
  start "$name" env "$@" uwsgi --plugins python3 --http-socket "0.0.0.0:$port" --wsgi-file "$file" \
    --master --processes 1 --threads 4 --enable-threads --lazy-apps --die-on-term --need-app \
    --buffer-size 65535 --rem-header Content-Length --disable-logging
}

keystone_keys() {
  local manage="keystone-manage --config-file $ETC/keystone.conf"
  [ ! -e "$ETC/identity-done" ] || return 0
  $manage fernet_setup --keystone-user root --keystone-group root
  $manage credential_setup --keystone-user root --keystone-group root
  $manage bootstrap --bootstrap-password "$ADMIN_PASSWORD" --bootstrap-region-id "$REGION" \
    --bootstrap-public-url "http://$ADDRESS:5000/v3" --bootstrap-internal-url http://127.0.0.1:5000/v3 \
    --bootstrap-admin-url http://127.0.0.1:5000/v3
  touch "$ETC/identity-done"
}

start_identity() {
  run keystone_keys > "$LOG/keystone-keys.out" 2>&1 || { last_words keystone-keys; die "keystone's keys"; }
  threaded keystone 5000 /usr/bin/keystone-wsgi-public OS_KEYSTONE_CONFIG_FILES="$ETC/keystone.conf"
  wait_for keystone 90 answers 5000
}

fill_identity() {
  run env ADDRESS="$ADDRESS" REGION="$REGION" SERVICE_PASSWORD="$SERVICE_PASSWORD" MEMBER_PASSWORD="$MEMBER_PASSWORD" \
    python3 /opt/cloud/identity.py || die "users and catalogue"
}
