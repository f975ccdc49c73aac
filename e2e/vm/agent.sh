#!/bin/bash
# In the virtual machine: mounts the second disk where the checkout is on the host, runs its `job`, tells how it ended, and
# powers off. Output goes to the second serial port.
exec >/dev/ttyS1 2>&1 </dev/null
status=125
trap 'echo "vm-status $status"; sync; systemctl poweroff -ff' EXIT
stty -F /dev/ttyS1 raw -echo 2>/dev/null
mkdir -p /run/lower /var/lib/vm/{upper,work}
mount -t ext4 -o ro /dev/vdb /run/lower || exit
at=$(cat /run/lower/at)
mkdir -p "$at"
chmod --reference=/run/lower/tree /var/lib/vm/upper
mount -t overlay -o lowerdir=/run/lower/tree,upperdir=/var/lib/vm/upper,workdir=/var/lib/vm/work overlay "$at" || exit
ip link set lo up
cd "$at" || exit
export HOME=/root LANG=C.UTF-8
bash /run/lower/job
status=$?
