#!/bin/sh
# As in the official image: options and configuration files alone mean redis-server.
case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac
# From 3.2 on Redis refuses other machines unless told otherwise; a container is reached from nowhere else.
if [ "$1" = redis-server ] && [ "$(cut -c1 /etc/redis-version)" -gt 3 ]; then
  set -- "$@" --protected-mode no
fi
exec "$@"
