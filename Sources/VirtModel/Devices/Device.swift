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

  /// Whether something secret stands in it: a password, or what identifies to a server.
  var hasSecret: Bool {
    switch kind {
    case .graphics: element["passwd"] != nil
    case .disk: element.has("type", "network") && element.first("source")?.first("cookies") != nil
    default: false
    }
  }

  /// The description without what is secret.
  var withoutSecret: XMLElement {
    guard hasSecret else { return element }
    guard kind == .disk else { return element.setting("passwd", nil) }
    return element.first("source").map { element.replacing("source", with: $0.without("cookies")) } ?? element
  }
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
  package func arranged(_ element: XMLElement) -> XMLElement { parts.arranged(element) }

  /// What may stand in a device of the kind.
  var parts: DocumentGrammar { DocumentGrammar.devices[rawValue] }

  private static let byName: [String: DeviceKind] = Dictionary(
    uniqueKeysWithValues: allCases.filter { $0 != .unknown }.map { ("\($0)", $0) })

  /// By place in the document.
  package static func < (one: DeviceKind, other: DeviceKind) -> Bool { one.rawValue < other.rawValue }
}
