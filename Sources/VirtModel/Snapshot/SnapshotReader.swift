package import VirtCore
package import VirtXML

/// What a program asked for when it described a snapshot.
package struct SnapshotRequest: Sendable {
  /// The name; absent when the library shall choose one.
  package var name: String?
  /// Text for people.
  package var description: String?
  /// Where memory shall be kept; absent when the document says nothing.
  package var memory: SnapshotDefinition.Place?
  /// A file for memory.
  package var memoryFile: String?
  /// What shall happen to disks it names.
  package var disks: [SnapshotDefinition.Disk]
  /// What only the description of an existing snapshot has.
  package var existing: Existing
  /// What else it says.
  package var other: [XMLElement]
  /// The whole document, for errors.
  package let element: XMLElement

  /// The part of a document that an earlier one gave.
  package struct Existing: Sendable {
    package var state: String?
    package var creationTime: Int64?
    package var parent: String?
    package var domain: DomainDefinition?
    package var inactiveDomain: DomainDefinition?
  }

  private static let own: Set<String> = [
    "name", "description", "memory", "disks", "state", "creationTime", "parent", "domain", "inactiveDomain", "active",
  ]

  /// Reads a snapshot's document.
  ///
  /// - Parameter isExisting: Whether it describes a snapshot that there was; else what only such a one has is passed over.
  package static func read(
    _ element: XMLElement, _ context: ModelContext, isExisting: Bool
  ) throws(VirtError) -> SnapshotRequest {
    try element.expect("domainsnapshot")
    var request = SnapshotRequest(
      name: text("name", of: element), description: text("description", of: element), memory: nil, memoryFile: nil, disks: [],
      existing: Existing(), other: [], element: element)
    if let memory = element.first("memory") { try request.read(memory: memory) }
    for disk in element.first("disks").map({ Array($0.elements) }) ?? [] where disk.isNamed("disk") {
      request.disks.append(try SnapshotDefinition.Disk(disk))
    }
    if isExisting { try request.read(existing: element, context) }
    request.other = element.elements.filter { !own.contains($0.name) }
    return request
  }

  private static func text(_ name: StaticString, of element: XMLElement) -> String? {
    guard let text = element.first(name)?.text, !text.isEmpty else { return nil }
    return text
  }

  private mutating func read(memory element: XMLElement) throws(VirtError) {
    memory = try element.choice("snapshot", ["no", "internal", "external", "manual"]).flatMap { .init(rawValue: $0) }
    memoryFile = element["file"]
    if memoryFile != nil, memory == nil { memory = .external }
    func wrong(_ rule: String) -> VirtError { element.wrong(.xmlError, rule, .domainSnapshot) }
    guard memory != .manual else { throw wrong("nobody but the library keeps memory") }
    guard let file = memoryFile else {
      guard memory != .external else { throw wrong("memory that is kept outside needs a 'file'") }
      return
    }
    guard memory == .external else { throw wrong("memory has a 'file' only where it is kept outside: '\(file)'") }
    guard file.hasPrefix("/") else { throw wrong("the path of a 'file' begins with a slash: '\(file)'") }
  }

  /// Reads what a document has that the library gave.
  private mutating func read(existing element: XMLElement, _ context: ModelContext) throws(VirtError) {
    existing.state = Self.text("state", of: element)
    existing.creationTime = Self.text("creationTime", of: element).flatMap { Int64($0) }
    existing.parent = element.first("parent")?.first("name")?.text
    if let domain = element.first("domain") { existing.domain = try .read(domain.declaring(from: element), context) }
    if let domain = element.first("inactiveDomain") {
      existing.inactiveDomain = try .read(domain.renamed("domain").declaring(from: element), context)
    }
  }
}

extension SnapshotDefinition.Disk {
  private static let types = ["file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa"]
  private static let formats: Set<String> = [
    "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "vhd", "ploop", "luks", "fat", "cow", "qcow", "qcow2", "qed",
    "vmdk",
  ]

  /// Reads a <disk> of a snapshot.
  init(_ disk: XMLElement) throws(VirtError) {
    guard let name = disk["name"] else { throw disk.wrong(.internalError, "'name' is missing", .domainSnapshot) }
    self.init(
      name: name, place: try disk.choice("snapshot", ["no", "internal", "external", "manual"]).flatMap { .init(rawValue: $0) })
    content = disk.content
    attributes = disk.attributes.filter { $0.name != "name" && $0.name != "snapshot" }
    let type = try disk.choice("type", Self.types) ?? "file"
    line = disk.line
    if let driver = disk.first("driver"), let format = driver["type"], !Self.formats.contains(format) {
      throw driver.noSuchValue("type", format, .configUnsupported, .domainSnapshot)
    }
    if type == "file", let source = disk.first("source"), let file = source["file"], !file.hasPrefix("/") {
      throw source.wrong(.xmlError, "the path of a 'file' begins with a slash: '\(file)'", .domainSnapshot)
    }
    if place == nil, hasSource || disk.first("driver")?["type"] != nil { place = .external }
  }

  /// Whether it says itself where the disk goes on. A source may say other things.
  var hasSource: Bool {
    let type = attributes.first { $0.name == "type" }?.value ?? "file"
    return content.contains { part in
      guard case .element(let element) = part, element.isNamed("source") else { return false }
      guard let name = Self.places[type] else { return true }
      return element[name] != nil
    }
  }

  private static let places: [String: StaticString] = [
    "file": "file", "block": "dev", "vhostvdpa": "dev", "dir": "dir", "network": "name",
  ]
}
