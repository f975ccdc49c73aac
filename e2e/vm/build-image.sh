#!/bin/bash
# build-image.sh DIR: a Debian of this host's release with systemd, its stock kernel and nothing but cgroup v2, as a virtual
# machine that boots quickly without hardware virtualization: DIR/vmlinuz, DIR/initrd, DIR/root.img (ext4, sparse).
# Everything comes from this host's own apt mirrors. Needs root, mmdebstrap, cpio, e2fsprogs.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
OUT=$(readlink -m "$1")
. /etc/os-release
SUITE=$VERSION_CODENAME
sources() { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null || true; }
MIRROR=$(sources | awk '/^deb /{print $2; exit} /^URIs:/{print $2; exit}')
PACKAGES=(systemd systemd-sysv dbus udev kmod cpio xz-utils busybox-static iproute2 nftables procps util-linux e2fsprogs
  openssl ca-certificates libnftables1 libseccomp2 libstdc++6 libatomic1 dnsmasq-base lxcfs fuse3 gcc libc6-dev
  postgresql mmdebstrap uidmap gdb-minimal crun)

work=$(mktemp -d "$OUT.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
root=$work/root

# No cluster of Debian's own: what is under test makes its own.
mkdir -p "$work/postgresql-common"
echo 'create_main_cluster = false' >"$work/postgresql-common/createcluster.conf"
# The kernel is unpacked, not installed: its package would bring an initrd for every machine there is.
# shellcheck disable=SC2016
unshare -m --propagation private mmdebstrap --mode=root --variant=minbase \
  --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --include="$(IFS=,; echo "${PACKAGES[*]}")" \
  --essential-hook="mkdir -p \$1/etc && cp -r $work/postgresql-common \$1/etc/" \
  --customize-hook='mkdir "$1/kernel"' \
  --customize-hook='chroot "$1" sh -ec "cd /kernel; apt-get -o APT::Sandbox::User=root download \$(apt-cache depends linux-image-amd64 | sed -n \"s/.*Depends: \\(linux-image-[0-9]\\)/\\1/p\" | head -n1); dpkg-deb -x linux-image-*.deb .; rm -f *.deb"' \
  "$SUITE" "$root" "deb $MIRROR $SUITE main"

version=$(basename "$root"/kernel/lib/modules/*)
modules=$root/kernel/lib/modules/$version
rm -rf "$modules"/{build,source} "$modules"/kernel/sound \
  "$modules"/kernel/drivers/{gpu,media,infiniband,staging,iio,isdn,hwmon,usb,input,video,mtd,ata,hid,scsi,net/ethernet,net/wireless,bluetooth}
mkdir -p "$root/lib/modules"
mv "$modules" "$root/lib/modules/"
mv "$root/kernel/boot/vmlinuz-$version" "$work/vmlinuz"
rm -rf "$root/kernel"
chroot "$root" depmod -a "$version"

install -m 755 "$HERE/agent.sh" "$root/usr/local/sbin/berth-agent"
install -m 644 "$HERE/agent.service" "$root/etc/systemd/system/berth-agent.service"
for user in web db dns; do chroot "$root" useradd --system --no-create-home --shell /usr/sbin/nologin "berth-$user"; done
echo vm >"$root/etc/hostname"
printf '127.0.0.1 localhost vm\n::1 localhost\n' >"$root/etc/hosts"
: >"$root/etc/fstab"
mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
printf '[Journal]\nStorage=volatile\n' >"$root/etc/systemd/journald.conf.d/vm.conf"
printf '[Manager]\nDefaultTimeoutStartSec=300s\n' >"$root/etc/systemd/system.conf.d/vm.conf"
chroot "$root" systemctl --quiet enable berth-agent.service
chroot "$root" systemctl --quiet set-default multi-user.target
chroot "$root" systemctl --quiet mask getty@tty1.service serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service postgresql.service systemd-timesyncd.service lxcfs.service \
  systemd-update-utmp.service systemd-journal-flush.service systemd-remount-fs.service systemd-pstore.service \
  ldconfig.service systemd-sysusers.service systemd-journal-catalog-update.service systemd-update-done.service dnsmasq.service 2>/dev/null

initrd=$root/initrd
mkdir -p "$initrd"/{bin,dev,proc,root,modules}
cp "$root/bin/busybox" "$initrd/bin/"
install -m 755 "$HERE/initrd.sh" "$initrd/init"
for name in virtio_pci virtio_blk ext4; do chroot "$root" modprobe -S "$version" --show-depends "$name"; done |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$root/$file" "$initrd/modules/"
    basename "$file"
  done >"$initrd/modules/order"
(cd "$initrd" && find . | chroot "$root" sh -c 'cd /initrd && cpio -o -H newc --quiet') >"$work/initrd"
rm -rf "$initrd" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
mkfs.ext4 -q -F -O ^has_journal,^metadata_csum -m 0 -d "$root" "$work/root.img" 6G
rm -rf "$root"
echo "$version" >"$work/version"
rm -rf "$OUT"
mkdir -p "$OUT"
mv "$work"/* "$OUT/"
