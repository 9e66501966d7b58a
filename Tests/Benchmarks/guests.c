/* The guests the benchmarks define: a minimal one and one with most device kinds. */
#include "cases.h"

#include <stdio.h>

const char *minimal_guest =
    "<domain type='test'><name>small-%d</name><memory unit='KiB'>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>";

const char *rich_guest =
    "<domain type='test'>\n"
    "  <name>rich-%d</name>\n"
    "  <title>A guest with most kinds of devices</title>\n"
    "  <description>Used to measure reading and writing of long definitions.</description>\n"
    "  <metadata><app:owner xmlns:app='urn:example:bench'><app:team>systems</app:team></app:owner></metadata>\n"
    "  <memory unit='GiB'>4</memory>\n"
    "  <currentMemory unit='GiB'>2</currentMemory>\n"
    "  <vcpu placement='static' current='2'>4</vcpu>\n"
    "  <iothreads>2</iothreads>\n"
    "  <os><type arch='i686'>hvm</type><boot dev='hd'/><boot dev='network'/><bootmenu enable='yes'/></os>\n"
    "  <features><acpi/><apic/><pae/></features>\n"
    "  <clock offset='utc'><timer name='rtc' tickpolicy='catchup'/><timer name='pit' tickpolicy='delay'/></clock>\n"
    "  <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>restart</on_crash>\n"
    "  <devices>\n"
    "    <emulator>/usr/bin/test-hv</emulator>\n"
    "    <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='/images/a.qcow2'/><target dev='vda' bus='virtio'/></disk>\n"
    "    <disk type='file' device='disk'><source file='/images/b.img'/><target dev='vdb' bus='virtio'/><readonly/></disk>\n"
    "    <disk type='block' device='disk'><source dev='/dev/vg/c'/><target dev='sda' bus='scsi'/><serial>C0FFEE</serial></disk>\n"
    "    <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>\n"
    "    <controller type='usb' index='0'/>\n"
    "    <controller type='scsi' index='0' model='virtio-scsi'/>\n"
    "    <interface type='network'><mac address='52:54:00:11:22:33'/><source network='default'/><model type='virtio'/></interface>\n"
    "    <interface type='bridge'><mac address='52:54:00:11:22:34'/><source bridge='br0'/><model type='e1000'/></interface>\n"
    "    <serial type='pty'><target port='0'/></serial>\n"
    "    <console type='pty'><target type='serial' port='0'/></console>\n"
    "    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>\n"
    "    <input type='tablet' bus='usb'/>\n"
    "    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>\n"
    "    <sound model='ich6'/>\n"
    "    <video><model type='vga' vram='16384' heads='1'/></video>\n"
    "    <watchdog model='i6300esb' action='reset'/>\n"
    "    <memballoon model='virtio'/>\n"
    "    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>\n"
    "  </devices>\n"
    "</domain>\n";

const char *guest(const char *template, int number)
{
    static char text[8192];
    snprintf(text, sizeof text, template, number);
    return text;
}
