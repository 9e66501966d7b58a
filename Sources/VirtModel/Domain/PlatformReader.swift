internal import VirtCore
internal import VirtXML

/// Checks what a document says about the guest's board, and fills in what it leaves out.
enum PlatformReader {
  /// The element as a definition keeps it; nil when it says nothing.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    switch element.name {
    case "cpu": return try ProcessorReader.complete(element)
    case "features": return try features(element)
    case "idmap": return try idMap(element)
    default: return element
    }
  }

  // MARK: - Features

  private static func features(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    if element.isEmpty { return nil }
    if isPlain(element) { return element }
    var seen: Set<String> = []
    return try element.replacingElements { (feature) throws(VirtError) in
      let name = feature.name
      guard seen.insert(name).inserted else { return nil }
      switch name {
      case "smm", "vmcoreinfo": return feature.defaulting("state", "on", inFront: true)
      case "hyperv":
        if let retries = feature.first("spinlocks")?["retries"].flatMap({ UInt32($0) }), retries < 4095 {
          throw feature.wrong(.xmlError, "<spinlocks> are tried 4095 times at least, not \(retries)")
        }
      case "kvm":
        if let size = feature.first("dirty-ring")?["size"].flatMap({ UInt32($0) }),
          size & (size &- 1) != 0 || !(1024...65536).contains(size)
        {
          throw feature.wrong(.xmlError, "the size of a <dirty-ring> is a power of two from 1024 to 65536, not \(size)")
        }
      default: break
      }
      return feature
    }
  }

  /// Whether there is nothing to check: some features, each once.
  private static func isPlain(_ element: XMLElement) -> Bool {
    var seen: [String] = []
    for feature in element.elements {
      let name = feature.name
      if seen.count > 16 || seen.contains(name) { return false }
      if name == "smm" || name == "vmcoreinfo" || name == "hyperv" || name == "kvm" { return false }
      seen.append(name)
    }
    return true
  }

  private static func idMap(_ element: XMLElement) throws(VirtError) -> XMLElement {
    for entry in element.elements where ["start", "target", "count"].contains(where: { entry[$0] == nil }) {
      throw entry.wrong(.xmlError, "'start', 'target' or 'count' is missing")
    }
    return element
  }

  // MARK: - Clock

  /// The element `clock`, whose offset is one of those there are.
  static func clock(_ element: XMLElement, offset: String) throws(VirtError) -> XMLElement {
    switch offset {
    case "timezone":
      guard element["timezone"] != nil else { throw element.wrong(.internalError, "'timezone' is missing") }
    case "absolute":
      guard element["start"] != nil else { throw element.wrong(.internalError, "'start' is missing") }
    case "variable":
      let adjustment = element["adjustment"].flatMap { Int64($0) } ?? 0
      return element.saying("adjustment", "\(adjustment)").defaulting("basis", "utc")
    default:
      // A clock that differs from the host's by some seconds is one whose difference varies.
      guard let adjustment = element["adjustment"].flatMap({ Int64($0) }) else { return element }
      return element.setting("offset", "variable").saying("adjustment", "\(adjustment)").saying("basis", offset)
    }
    return element
  }

  // MARK: - Memory

  /// How memory is backed; nil when nothing is said.
  static func memory(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    if element.isEmpty { return nil }
    return try element.changingFirst("hugepages") { (pages) throws(VirtError) in
      try pages.replacingElements { (page) throws(VirtError) in
        guard page.isNamed("page"), let size = page["size"] else { return page }
        return page.saying("size", "\(try ScaledSize.kibibytes(size, of: page))").saying("unit", "KiB")
      }
    }
  }

  // MARK: - Firmware tables

  /// Refuses tables of the firmware that say something else than the domain.
  static func checkTables(_ element: XMLElement, _ uuid: UUID) throws(VirtError) {
    guard element.has("type", "smbios"), let system = element.first("system") else { return }
    for entry in system.elements where entry.has("name", "uuid") {
      guard let said = UUID(entry.text) else { throw entry.wrong(.xmlDetail, "this is no UUID: '\(entry.text)'") }
      guard said == uuid else { throw entry.wrong(.xmlDetail, "the domain has another UUID than its system") }
    }
  }
}
