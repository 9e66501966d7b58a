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
  package static func read(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> SnapshotRequest {
    guard element.name == "domainsnapshot" else {
      throw VirtError(.xmlError, .xml, "the document is no <domainsnapshot> but a", element.name)
    }
    let text = { (name: String) -> String? in
      guard let text = element.first(name)?.text, !text.isEmpty else { return nil }
      return text
    }
    var request = SnapshotRequest(
      name: text("name"), description: text("description"), memory: nil,
      memoryFile: element.first("memory")?["file"], disks: [], existing: Existing(), other: [])
    if let place = element.first("memory")?["snapshot"] { request.memory = try self.place(place, "memory") }
    if request.memoryFile != nil, request.memory == nil { request.memory = .external }
    if request.memory == .external, request.memoryFile == nil {
      throw VirtError(.xmlError, .domainSnapshot, "memory that is kept outside needs a 'file'")
    }
    for disk in element.first("disks").map({ Array($0.elements) }) ?? [] where disk.isNamed("disk") {
      guard let name = disk["name"] else { throw VirtError(.xmlError, .domainSnapshot, "a <disk> of a snapshot needs a 'name'") }
      var own = SnapshotDefinition.Disk(
        name: name, place: try disk["snapshot"].map { (text) throws(VirtError) in try place(text, "disk") })
      own.content = disk.content
      own.attributes = disk.attributes.filter { $0.name != "name" && $0.name != "snapshot" }
      request.disks.append(own)
    }
    request.existing.state = text("state")
    if let time = text("creationTime") {
      guard let seconds = Int64(time) else { throw VirtError(.xmlError, .domainSnapshot, "this is no time", time) }
      request.existing.creationTime = seconds
    }
    request.existing.parent = element.first("parent")?.first("name")?.text
    if let domain = element.first("domain") { request.existing.domain = try .read(domain, context) }
    if let domain = element.first("inactiveDomain") {
      request.existing.inactiveDomain = try .read(domain.renamed("domain"), context)
    }
    request.other = element.elements.filter { !own.contains($0.name) }
    return request
  }

  private static func place(_ text: String, _ element: StaticString) throws(VirtError) -> SnapshotDefinition.Place {
    guard let place = SnapshotDefinition.Place(rawValue: text) else {
      throw VirtError(.xmlError, .domainSnapshot, "attribute 'snapshot' has no such value", text)
    }
    return place
  }
}
