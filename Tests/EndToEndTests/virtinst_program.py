"""Debian's virt-install, virt-clone and virt-xml in one process, so that they share the world of test:///default.

Prints what each command prints and exits with, then the documents of what there is. Run by test_virt_install.py.
"""
import contextlib
import io
import random
import sys
import uuid

sys.path.insert(0, "/usr/share/virt-manager")

import libvirt
from virtinst import virtclone, virtinstall, virtxml

TOOLS = {"virt-install": virtinstall, "virt-clone": virtclone, "virt-xml": virtxml}
URI = "test:///default"
KEEP = "--noautoconsole --wait 0"
PLAIN = f"--memory 64 --osinfo generic --graphics none {KEEP}"
COMMANDS = (
    f"virt-install --name plain {PLAIN} --disk none --import",
    f"virt-install --name plain {PLAIN} --disk none --import",
    f"virt-install --name disk {PLAIN} --disk size=1,pool=default-pool --import",
    f"virt-install --name made {PLAIN} --disk size=2,format=qcow2,pool=default-pool,bus=virtio --network network=default,model=virtio --import --vcpus 4,maxvcpus=8 --cpu Westmere,secure=off --boot hd,menu=on",
    f"virt-install --name transient {PLAIN} --transient --disk none --import",
    f"virt-install --name network-boot {PLAIN} --disk none --pxe --network bridge=br0 --check all=off",
    f"virt-install --name none {PLAIN} --disk vol=default-pool/none --import",
    "virt-install --name printed --memory 128 --disk none --import --print-xml --osinfo generic",
    "virt-install --name rich --memory 256 --disk none --import --print-xml --osinfo debian11 --vcpus 2,sockets=1,cores=2 --rng /dev/urandom --tpm emulator --watchdog i6300esb,action=reset --serial pty"
    " --channel unix,target.type=virtio,target.name=org.qemu.guest_agent.0 --memballoon virtio --iothreads 2 --sound ich9 --panic iobase=0x505 --video qxl --metadata title=t,description=d",
    "virt-install --name rich --memory 256 --disk none --import --osinfo debian11 --vcpus 2,sockets=1,cores=2 --rng /dev/urandom --tpm emulator --watchdog i6300esb,action=reset --serial pty"
    " --channel unix,target.type=virtio,target.name=org.qemu.guest_agent.0 --memballoon virtio --iothreads 2 --sound ich9 --panic iobase=0x505 --video qxl --metadata title=t,description=d --noautoconsole --wait 0 --noreboot",
    "virt-xml made --edit --memory 128,maxmemory=256 --define",
    "virt-xml made --edit --vcpus 2 --define --print-diff",
    "virt-xml made --add-device --disk size=1,pool=default-pool,target=vdb --define",
    "virt-xml made --remove-device --disk target=vdb --define",
    "virt-xml made --edit --disk cache=none --define",
    "virt-xml made --edit 7 --disk cache=none --define",
    "virt-xml none --edit --memory 1",
    "virt-xml disk --edit --metadata title=named --define --no-define",
    "virt-xml disk --edit --boot network,hd --define",
    "virt-xml disk --build-xml --disk none",
    "virt-xml --build-xml --graphics vnc,port=5999",
    "virt-clone -o made --auto-clone",
    "virt-clone -o test --auto-clone",
    "destroy made", "destroy disk", "destroy test",
    "virt-clone -o made --auto-clone",
    "virt-clone -o test -n copy --auto-clone --mac 00:16:3e:11:22:33",
    "virt-clone -o disk -n none --auto-clone --print-xml",
    "virt-clone -o disk -n made --auto-clone",
    "virt-clone -o none -n none2",
    "virt-xml disk --edit --metadata title=started --define --start",
    "virt-install --name again --reinstall made --noautoconsole --wait 0 --osinfo generic --pxe",
)
# What the reference's test driver does not have.
PLUGGING = ("virt-xml made --add-device --network network=default --update", "virt-xml plain --add-device --disk size=1,pool=default-pool,target=vdc,bus=virtio --update")


def run(connection, command):
    tool, *arguments = command.split()
    if tool == "destroy":
        return connection.lookupByName(arguments[0]).destroy()
    said = io.StringIO()
    sys.argv = [tool, "--connect", URI, *arguments]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            TOOLS[tool].runcli()
        except SystemExit as end:
            print(f"exit {end.code}")
    return said.getvalue()


def main():
    libvirt.registerErrorHandler(lambda *_: None, None)
    # What is made up is made up alike wherever the program runs.
    numbers = random.Random(1)
    uuid.uuid4 = lambda: uuid.UUID(int=numbers.getrandbits(128), version=4)
    random.seed(1)
    connection = libvirt.open(URI)
    for command in COMMANDS + PLUGGING * ("plugging" in sys.argv):
        print(f"$ {command}\n{run(connection, command)}")
    for domain in sorted(connection.listAllDomains(), key=lambda domain: domain.name()):
        print(f"# {domain.name()} {domain.state()}\n{domain.XMLDesc()}")
    for volume in sorted(connection.storagePoolLookupByName("default-pool").listAllVolumes(), key=lambda volume: volume.name()):
        print(f"# {volume.name()}\n{volume.XMLDesc()}")


if __name__ == "__main__":
    main()
