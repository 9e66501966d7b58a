internal import VirtCore
internal import VirtXML

/// Checks what a document says about the guest's board, and fills in what it leaves out.
enum PlatformReader {
  /// The element as a definition keeps it; nil when it says nothing.
  ///
  /// - Parameter processors: How many processors the guest has at most.
  static func complete(_ element: XMLElement, processors: UInt32) throws(VirtError) -> XMLElement? {
    switch element.name {
    case "cpu": return try ProcessorReader.complete(element, processors: processors)
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
    for (name, other) in [("uid", "gid"), ("gid", "uid")] as [(StaticString, StaticString)] {
      let starts = element.all(name).map { UInt32($0["start"] ?? "") ?? 0 }
      if starts.isEmpty { continue }
      guard element.first(other) != nil else { throw element.wrong(.configUnsupported, "there are <\(name)> and no <\(other)>") }
      guard starts.contains(0) else { throw element.wrong(.configUnsupported, "no <\(name)> is for the guest's 0") }
    }
    return element
  }

  // MARK: - Clock

  /// The element `clock`, whose offset is one of those there are.
  static func clock(_ element: XMLElement, offset: String) throws(VirtError) -> XMLElement {
    for timer in element.elements {
      guard let catchup = timer.first("catchup"), !timer.has("tickpolicy", "catchup") else { continue }
      guard catchup.attributes.allSatisfy({ $0.value == "0" }) else {
        throw timer.wrong(.xmlError, "<catchup> is for the 'tickpolicy' of that name")
      }
    }
    switch offset {
    case "timezone":
      guard element.nonempty("timezone") != nil else { throw element.wrong(.internalError, "'timezone' is missing") }
    case "absolute":
      guard element["start"] != nil else { throw element.wrong(.internalError, "'start' is missing") }
    case "variable":
      let adjustment = element["adjustment"].flatMap { Int64($0) } ?? 0
      return element.saying("adjustment", "\(adjustment)").defaulting("basis", "utc")
    default:
      // A clock that differs from the host's by some seconds is one whose difference varies.
      guard let text = element.nonempty("adjustment"), text != "reset" else { return element }
      guard let adjustment = Int64(text) else { throw element.wrong(.xmlError, "'adjustment' is no number: '\(text)'") }
      return element.setting("offset", "variable").saying("adjustment", "\(adjustment)").saying("basis", offset)
    }
    return element
  }

  // MARK: - Memory

  /// How memory is backed; nil when nothing is said.
  ///
  /// - Parameter cells: How many memory nodes the guest has; 0 where it has no more than memory.
  static func memory(_ element: XMLElement, cells: Int) throws(VirtError) -> XMLElement? {
    if element.isEmpty { return nil }
    return try element.changingFirst("hugepages") { (pages) throws(VirtError) in
      var others = NumberSet(), hasMaster = false
      return try pages.replacingElements { (page) throws(VirtError) in
        guard page.isNamed("page"), let text = page["size"] else { return page }
        let size = try ScaledSize.kibibytes(text, of: page)
        guard size > 0 else { throw page.wrong(.xmlDetail, "its 'size' is above 0") }
        let placed = try NumberSet.arranged("nodeset", of: page)
        if let nodes = placed["nodeset"].flatMap({ NumberSet($0) }), cells > 0 || nodes != NumberSet(one: 0) {
          guard nodes.isSubset(of: NumberSet(below: cells)) else {
            throw page.wrong(.xmlDetail, "the guest has not all of the nodes '\(nodes.text)'")
          }
          guard nodes.isDisjoint(with: others) else {
            throw page.wrong(.xmlDetail, "another size is for some of the nodes '\(nodes.text)'")
          }
          others.formUnion(nodes)
        } else {
          guard !hasMaster else { throw page.wrong(.xmlDetail, "another size is for all memory") }
          hasMaster = true
        }
        return placed.saying("size", "\(size)").saying("unit", "KiB")
      }
    }
  }

  // MARK: - Firmware tables

  /// Refuses tables of the firmware that say something else than the domain.
  static func checkTables(_ element: XMLElement, _ uuid: UUID) throws(VirtError) {
    if element.has("type", "fwcfg") {
      for entry in element.elements where entry.isNamed("entry") {
        guard entry["name"] != nil else { throw entry.wrong(.xmlError, "'name' is missing") }
        guard entry.hasText || entry["file"] != nil else { throw entry.wrong(.xmlError, "a text or a 'file' is missing") }
      }
      return
    }
    for entry in element.first("bios")?.all("entry") ?? [] where entry.has("name", "date") && entry.hasText {
      guard isDate(entry.text) else { throw entry.wrong(.xmlDetail, "this is no date such as '02/28/2025': '\(entry.text)'") }
    }
    guard element.has("type", "smbios"), let system = element.first("system") else { return }
    for entry in system.elements where entry.has("name", "uuid") {
      guard let said = UUID(entry.text) else { throw entry.wrong(.xmlDetail, "this is no UUID: '\(entry.text)'") }
      guard said == uuid else { throw entry.wrong(.xmlDetail, "the domain has another UUID than its system") }
    }
  }

  /// Whether a text is a month, a day and a year, of which the century may be left out.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32(number: String($0)) }
    guard parts.count == 3, let month = parts[0], let day = parts[1], let year = parts[2] else { return false }
    return (1...12).contains(month) && (1...31).contains(day) && !(100..<1900).contains(year)
  }
}
