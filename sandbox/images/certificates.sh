# Sourced by the images whose servers speak TLS: an authority of the container's own in /certs, which is a volume.

# issue NAME USAGE [ALTERNATIVE-NAMES]: NAME.pem and NAME-key.pem, signed by that authority
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1-key.pem" -out "$1.csr" 2> /dev/null
  printf 'extendedKeyUsage=%s\n%s\n' "$2" "${3:+subjectAltName=$3}" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 3650 -extfile "$1.ext" -out "$1.pem" 2> /dev/null
  rm -f "$1.csr" "$1.ext"
}

# certificates ADDRESS USAGE: /certs/server.pem with its key, and once what a client needs, in /certs/client
certificates() {
  cd /certs
  if [ ! -s ca.pem ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$(hostname) sandbox CA" \
      -keyout ca-key.pem -out ca.new 2> /dev/null
    mv ca.new ca.pem
  fi
  issue server "$2" "DNS:$(hostname),DNS:localhost,IP:127.0.0.1,IP:$1" # anew: the address may differ
  if [ ! -s client/cert.pem ]; then
    rm -rf client client.new
    issue client clientAuth
    mkdir client.new
    mv client.pem client.new/cert.pem
    mv client-key.pem client.new/key.pem
    cp ca.pem client.new/ca.pem
    mv client.new client
  fi
  cd /
}
