internal import VirtModel

/// What guests of the test driver can have: it runs nothing, so that it takes whatever it reads.
enum GuestTable {
  /// What stands around the processor.
  static let platform = GuestOption.table(
    """
    iothreads
    os firmware: bios efi
    memoryBacking sourceType: file anonymous memfd
    """)

  /// Devices.
  static let devices = GuestOption.table(
    """
    disk diskDevice: disk cdrom floppy lun bus: ide fdc scsi virtio xen usb sata sd model: virtio virtio-transitional \
    virtio-non-transitional
    graphics type: sdl vnc rdp desktop spice egl-headless dbus
    video modelType: vga cirrus vmvga xen vbox virtio qxl none bochs ramfb
    hostdev mode: subsystem capabilities startupPolicy: default mandatory requisite optional \
    subsysType: usb pci scsi scsi_host mdev capsType: storage misc net pciBackend: default vfio
    rng model: virtio virtio-transitional virtio-non-transitional backendModel: random egd builtin
    filesystem driverType: path handle loop nbd ploop virtiofs mtp
    tpm model: tpm-tis tpm-crb tpm-spapr backendModel: passthrough emulator external backendVersion: 1.2 2.0
    redirdev bus: usb
    channel type: pty unix spicevmc dbus qemu-vdagent
    crypto model: virtio type: qemu backendModel: builtin lkcf
    interface backendType: default passt
    panic model: isa hyperv pvpanic
    console type: null vc pty dev file pipe stdio udp tcp unix
    """)

  /// What the guest sees of the machine.
  static let features = GuestOption.table(
    """
    -gic
    vmcoreinfo
    genid
    backingStoreInput
    backup
    async-teardown
    -s390-pv
    ps2
    -tdx
    sev
    -sgx
    hyperv features: relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush \
    ipi evmcs
    launchSecurity sectype: sev sev-snp
    """)
}
