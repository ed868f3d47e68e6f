#!/bin/sh
# The TSIG key and empty zones once per /var/lib/bind volume, then named. Options are named's.
#   ADDRESS         the container's address
#   DOMAIN          the forward zone, e.g. clocker.test
#   REVERSE_ZONES   e.g. "18.198.in-addr.arpa 100.19.198.in-addr.arpa"
#   CLIENTS         who may ask, e.g. 198.18.0.0/15
set -eu
umask 077
cd /var/lib/bind
if [ ! -s clocker.key ]; then
  tsig-keygen -a hmac-sha256 clocker > clocker.key.new
  mv clocker.key.new clocker.key
fi
umask 022

# zone NAME: what is written into it later is in its file and journal
zone() {
  if [ ! -s "$1.zone" ]; then
    printf '$TTL 60\n@ SOA ns.%s. hostmaster.%s. 1 3600 600 86400 60\n@ NS ns.%s.\n' "$DOMAIN" "$DOMAIN" "$DOMAIN" > "$1.zone"
    [ "$1" != "$DOMAIN" ] || echo "ns A $ADDRESS" >> "$1.zone"
  fi
  cat << END
zone "$1" {
  type primary;
  file "/var/lib/bind/$1.zone";
  update-policy { grant clocker zonesub A AAAA CNAME PTR SRV TXT; };
};
END
}

mkdir -p /run/named /etc/bind
{
  cat << END
include "/var/lib/bind/clocker.key";
acl clients { $CLIENTS; 127.0.0.0/8; };
controls {};
options {
  directory "/var/cache/bind";
  listen-on-v6 { none; };
  allow-query { clients; };
  allow-recursion { clients; };
  allow-transfer { key clocker; };
  // Other names are asked of the engine, which knows the containers and asks the machine's name servers.
  forwarders { 127.0.0.11; };
  forward only;
  dnssec-validation no;
  notify no;
};
END
  for name in $DOMAIN $REVERSE_ZONES; do zone "$name"; done
} > /etc/bind/sandbox.conf
chown -R bind:bind /var/lib/bind /run/named
exec named -g -u bind -c /etc/bind/sandbox.conf "$@"
