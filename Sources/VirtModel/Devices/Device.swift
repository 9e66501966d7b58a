package import VirtXML

/// One device of a domain.
package struct Device: Sendable, Equatable {
  /// What it is.
  package var kind: DeviceKind
  /// How the document describes it, defaults filled in, parts in order.
  package var element: XMLElement

  /// Describes a device.
  package init(kind: DeviceKind, element: XMLElement) {
    self.kind = kind
    self.element = element
  }

  /// Whether a password stands in it.
  var hasSecret: Bool { kind == .graphics && element["passwd"] != nil }

  /// The description without passwords.
  var withoutSecret: XMLElement { hasSecret ? element.setting("passwd", nil) : element }
}

/// The kinds of devices, in the order in which they are written.
package enum DeviceKind: Int, Sendable, CaseIterable, Comparable {
  case emulator, disk, controller, lease, filesystem, interface, smartcard, serial, parallel, console, channel, input, tpm
  case graphics, sound, audio, video, hostdev, redirdev, redirfilter, hub, watchdog, memballoon, rng, nvram, panic, shmem
  case memory, iommu, vsock, crypto, pstore
  /// What this library does not know; kept as it is.
  case unknown

  /// The kind of an element.
  package init(_ name: String) {
    self = Self.byName[name] ?? .unknown
  }

  /// A device of the kind with its parts in order.
  package func arranged(_ element: XMLElement) -> XMLElement { shape?.arranged(element) ?? element }

  private static let byName: [String: DeviceKind] = Dictionary(
    uniqueKeysWithValues: allCases.filter { $0 != .unknown }.map { ("\($0)", $0) })

  /// By place in the document.
  package static func < (one: DeviceKind, other: DeviceKind) -> Bool { one.rawValue < other.rawValue }
}
