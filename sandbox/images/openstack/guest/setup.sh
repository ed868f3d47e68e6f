# Runs inside the guest's file system while the image is built.
set -e
# A small initrd with the virtio root and the config drive (an IDE CD): cloud-init looks for it before udev has loaded its drivers.
printf 'MODULES=list\nBUSYBOX=n\nCOMPRESS=gzip\n' > /etc/initramfs-tools/conf.d/clocker
printf 'virtio_pci\nvirtio_blk\nvirtio_net\next4\nata_piix\nsr_mod\nisofs\n' >> /etc/initramfs-tools/modules
update-initramfs -u
echo 'LABEL=root / ext4 defaults,noatime 0 1' > /etc/fstab
cp /tmp/guest/cloud.cfg /etc/cloud/cloud.cfg.d/90-clocker.cfg
echo 'datasource: ConfigDrive' > /etc/cloud/ds-identify.cfg
systemctl enable serial-getty@ttyS0
# Without KVM every unit costs; none of these does anything for a short-lived guest.
systemctl mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer dpkg-db-backup.timer getty@tty1.service systemd-pstore.service systemd-binfmt.service \
  modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
  modprobe@fuse.service modprobe@loop.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount
rm -f /etc/ssh/ssh_host_*
: > /etc/machine-id
