# The guest image "debian-12" with its kernel and initrd, uploaded once per volume and kept where Nova looks first.
add_image() {
  run env GUEST=/opt/cloud/guest STATE="$STATE" python3 /opt/cloud/image.py || die "image debian-12"
}
