/// The types of storage pools; the names are those of documents.
package enum StoragePoolKind: String, Sendable, CaseIterable {
  case dir, fs, netfs, logical, disk, iscsi
  case iscsiDirect = "iscsi-direct"
  case scsi, mpath, rbd, sheepdog, gluster, zfs, vstorage

  /// What a source can say.
  struct Parts: OptionSet {
    let rawValue: UInt8
    static let host = Parts(rawValue: 1), device = Parts(rawValue: 2), directory = Parts(rawValue: 4)
    static let adapter = Parts(rawValue: 8), name = Parts(rawValue: 16), initiator = Parts(rawValue: 32)
  }

  /// Where a pool's volumes appear.
  enum Place {
    /// Where the document says.
    case given
    /// Below this path, under the source's name.
    case below(String)
    /// Nowhere in the host's file system.
    case nowhere
  }

  /// Which formats volumes have; the first one is the default.
  private static let files = [
    "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop", "cow", "qcow", "qcow2", "qed", "vmdk",
  ]
  private static let partitions = ["none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended"]

  /// What its source can say; all else about sources is left out.
  var parts: Parts {
    switch self {
    case .dir, .mpath: []
    case .fs, .disk: .device
    case .netfs: [.host, .directory]
    case .logical, .zfs: [.device, .name]
    case .iscsi, .iscsiDirect: [.host, .device, .initiator]
    case .scsi: .adapter
    case .rbd, .sheepdog: [.host, .name]
    case .gluster: [.host, .directory, .name]
    case .vstorage: .name
    }
  }

  /// What its source must say.
  var needed: Parts {
    switch self {
    case .fs, .disk: .device
    case .netfs: [.host, .directory]
    case .iscsi, .rbd, .sheepdog, .gluster: .host
    case .iscsiDirect: [.host, .initiator]
    case .scsi: .adapter
    case .dir, .mpath, .logical, .zfs, .vstorage: []
    }
  }

  /// Formats of its source; empty when it has none.
  package var formats: [String] {
    switch self {
    case .fs: ["auto", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs", "ocfs2", "vmfs"]
    case .netfs: ["auto", "nfs", "glusterfs", "cifs"]
    case .logical: ["unknown", "lvm2"]
    case .disk: ["unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2"]
    default: []
    }
  }

  /// The format of a source that names none.
  package var defaultFormat: String? { self == .logical ? "lvm2" : formats.first }

  /// Formats of its volumes, the default first; empty when they have none.
  package var volumeFormats: [String] {
    switch self {
    case .dir, .fs, .netfs, .vstorage, .rbd, .gluster: Self.files
    case .disk: Self.partitions
    case .logical, .iscsi, .iscsiDirect, .scsi, .mpath, .sheepdog, .zfs: []
    }
  }

  /// What its volumes are; the numbers are the API's.
  package var volumeType: Int32 {
    switch self {
    case .dir, .fs, .netfs, .vstorage: 0
    case .logical, .disk, .iscsi, .scsi, .mpath, .zfs: 1
    case .rbd, .sheepdog, .gluster, .iscsiDirect: 3
    }
  }

  /// The flag that lists show it for.
  package var flag: UInt32 {
    switch self {
    case .dir: 1 << 6
    case .fs: 1 << 7
    case .netfs: 1 << 8
    case .logical: 1 << 9
    case .disk: 1 << 10
    case .iscsi: 1 << 11
    case .scsi: 1 << 12
    case .mpath: 1 << 13
    case .rbd: 1 << 14
    case .sheepdog: 1 << 15
    case .gluster: 1 << 16
    case .zfs: 1 << 17
    case .vstorage: 1 << 18
    case .iscsiDirect: 1 << 19
    }
  }

  /// Where its volumes appear.
  var place: Place {
    switch self {
    case .logical: .below("/dev")
    case .zfs: .below("/dev/zvol")
    case .rbd, .sheepdog, .gluster, .iscsiDirect: .nowhere
    default: .given
    }
  }
}
