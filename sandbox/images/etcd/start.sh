#!/bin/sh
# Certificates once per /certs volume, then etcd for clients that bear one. Options are etcd's.
#   ADDRESS   the container's address
set -eu
umask 077
. /usr/local/lib/certificates.sh
# The JSON gateway calls the server with the server's own certificate.
certificates "$ADDRESS" serverAuth,clientAuth
chmod 711 /certs
chmod 644 /certs/ca.pem /certs/server.pem
chown etcd /certs/server-key.pem
chown -R etcd:etcd /var/lib/etcd
exec setpriv --reuid etcd --regid etcd --clear-groups etcd --name sandbox --data-dir /var/lib/etcd/data \
  --listen-client-urls https://0.0.0.0:2379 --advertise-client-urls "https://$ADDRESS:2379" \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster sandbox=http://127.0.0.1:2380 --client-cert-auth --trusted-ca-file /certs/ca.pem \
  --cert-file /certs/server.pem --key-file /certs/server-key.pem "$@"
