#!/bin/busybox sh
# From the initrd to the disk: the modules that it takes, nothing else.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
while read -r module; do insmod "/modules/$module"; done </modules/order
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 400 ]; do
  sleep 0.05
  tries=$((tries + 1))
done
mount -t ext4 -o rw,noatime /dev/vda /root || poweroff -f
umount /proc
mount -o move /dev /root/dev
exec switch_root /root /lib/systemd/systemd
