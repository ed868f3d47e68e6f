#!/bin/sh
# Runs inside the guest's file system while the image is built. Guests mostly run without KVM, where every unit and every
# Python start costs seconds: SSH comes first, everything else after it, and cloud-init only for guests with user data.
set -e
here=$(dirname "$0")

# --- login: the user of Debian's own cloud images; keys only
useradd --create-home --shell /bin/bash --groups sudo debian
usermod --password '*' debian
echo 'debian ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/90-debian
chmod 440 /etc/sudoers.d/90-debian
rm -f /etc/ssh/ssh_host_*
cat > /etc/ssh/sshd_config.d/guest.conf <<'C'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
C

# --- units
install -m 755 "$here/first-boot" "$here/dhcp-event" /usr/local/sbin/
cp "$here"/units/*.service /etc/systemd/system/
# With one processor the rest of the system would only slow down the way to the first login.
for unit in systemd-journald systemd-journal-flush systemd-udevd systemd-udev-trigger systemd-modules-load systemd-sysctl \
  systemd-tmpfiles-setup-dev systemd-tmpfiles-setup kmod-static-nodes systemd-user-sessions dbus systemd-logind; do
  mkdir -p "/etc/systemd/system/$unit.service.d"
  printf '[Unit]\nAfter=ssh.service\n' > "/etc/systemd/system/$unit.service.d/late.conf"
done
systemctl enable guest-metadata guest-network guest-user-data guest-disk ssh
# No login is refused while the rest of the system still starts.
ln -s /dev/null /etc/tmpfiles.d/systemd-nologin.conf
# guest-user-data runs cloud-init's stages; its generator and units would run them before SSH, for every guest. The other
# generators look for what a guest does not have.
mkdir -p /etc/systemd/system-generators
for generator in cloud-init-generator systemd-bless-boot-generator systemd-cryptsetup-generator systemd-debug-generator \
  systemd-getty-generator systemd-gpt-auto-generator systemd-hibernate-resume-generator systemd-integritysetup-generator \
  systemd-rc-local-generator systemd-run-generator systemd-system-update-generator systemd-veritysetup-generator; do
  ln -s /dev/null "/etc/systemd/system-generators/$generator"
done
cp "$here/cloud.cfg" /etc/cloud/cloud.cfg.d/90-guest.cfg
echo 'datasource: ConfigDrive' > /etc/cloud/ds-identify.cfg
systemctl mask cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service cloud-init-hotplugd.socket
# None of these does anything for a short-lived guest.
systemctl mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer dpkg-db-backup.timer getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service \
  systemd-binfmt.service systemd-sysusers.service systemd-random-seed.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-hwdb-update.service systemd-journal-catalog-update.service \
  systemd-update-done.service ldconfig.service systemd-firstboot.service systemd-boot-system-token.service \
  modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
  modprobe@fuse.service modprobe@loop.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > /etc/systemd/journald.conf.d/guest.conf

# --- disk: the initrd mounts it, with nothing left to do for fstab
: > /etc/fstab
: > /etc/machine-id
rm -f /var/lib/dbus/machine-id /etc/update-motd.d/*
ln -s /etc/machine-id /var/lib/dbus/machine-id

# --- initrd: busybox and the drivers of disk, network and config drive, nothing to search or to wait for
version=$(basename /lib/modules/*)
tree=$(mktemp -d)
mkdir -p "$tree/bin" "$tree/dev" "$tree/proc" "$tree/sys" "$tree/disk" "$tree/modules"
cp /bin/busybox "$tree/bin/busybox"
install -m 755 "$here/init" "$tree/init"
for module in virtio_pci virtio_blk ext4 virtio_net ata_piix sr_mod isofs virtio_rng; do
  modprobe --set-version "$version" --show-depends "$module" | awk '$1 == "insmod" {print $2}'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$file" "$tree/modules/"
  basename "$file" >> "$tree/modules/order"
done
(cd "$tree" && find . | busybox cpio -o -H newc) > "/boot/initrd.img-$version"
rm -rf "$tree"
