package import VirtCore
package import VirtXML

/// What a program asked for when it described a checkpoint.
package struct CheckpointRequest: Sendable {
  /// The name; absent when the library shall choose one.
  package var name: String?
  /// Text for people.
  package var description: String?
  /// What it says of disks; absent when it leaves them to the library.
  package var disks: [Disk]?
  /// What only the description of an existing checkpoint has: when it was made, the one before it, and the domain then.
  package var creationTime: Int64?
  package var parent: String?
  package var domain: DomainDefinition?
  /// The whole document, for errors.
  package let element: XMLElement

  /// What is asked for one disk.
  package struct Disk: Sendable {
    /// The guest's name for it, or its file.
    package var name: String
    /// Whether it takes part; absent when the document does not say.
    package var isKept: Bool?
    /// The name of its bitmap.
    package var bitmap: String?
    /// Where the document names it, for errors.
    package let line: Int
  }

  private static let parts: Set<String> = ["name", "description", "disks", "creationTime", "parent", "domain"]

  /// Reads a checkpoint's document, which keeps to its rules even where nobody asks for validation.
  ///
  /// - Parameter isExisting: Whether it describes a checkpoint that there was.
  package static func read(
    _ element: XMLElement, _ context: ModelContext, isExisting: Bool
  ) throws(VirtError) -> CheckpointRequest {
    try element.expect("domaincheckpoint")
    guard element.attributes.isEmpty, !element.hasText else { throw broken(element, "it has elements only") }
    var seen: Set<String> = []
    for part in element.elements {
      guard parts.contains(part.name), seen.insert(part.name).inserted else {
        throw broken(part, "a checkpoint has no such part, or has it once")
      }
    }
    var request = CheckpointRequest(element: element)
    if let name = element.first("name") {
      guard isName(name.text) else { throw broken(name, "this is no name of a checkpoint: '\(name.text)'") }
      request.name = name.text
    }
    request.description = element.first("description").flatMap { $0.text.isEmpty ? nil : $0.text }
    if let time = element.first("creationTime") {
      guard let seconds = Int64(time.text), seconds >= 0 else { throw broken(time, "this is no time: '\(time.text)'") }
      request.creationTime = seconds
    }
    if let parent = element.first("parent") {
      guard let name = parent.first("name")?.text else { throw broken(parent, "<name> is missing") }
      request.parent = name
    }
    request.disks = try element.first("disks").map { (element) throws(VirtError) in try disks(element) }
    guard isExisting else { return request }
    request.domain = try element.first("domain").map { (domain) throws(VirtError) in
      try .read(domain.declaring(from: element), context)
    }
    return request
  }

  private static func disks(_ element: XMLElement) throws(VirtError) -> [Disk] {
    var disks: [Disk] = []
    for disk in element.elements {
      guard disk.isNamed("disk"), disk.isEmpty, let name = disk["name"], !name.isEmpty else {
        throw broken(disk, "only <disk name='…'/> stands here")
      }
      for attribute in disk.attributes where !["name", "checkpoint", "bitmap", "size"].contains(attribute.name) {
        throw broken(disk, "there is no attribute '\(attribute.name)'")
      }
      if let size = disk["size"], UInt64(size) == nil { throw broken(disk, "this is no 'size': '\(size)'") }
      let kind = disk["checkpoint"]
      guard kind == nil || kind == "no" || kind == "bitmap" else {
        throw broken(disk, "'checkpoint' has no such value: '\(kind ?? "")'")
      }
      guard kind != "no" || disk["bitmap"] == nil else { throw broken(disk, "what takes no part has no 'bitmap'") }
      disks.append(Disk(name: name, isKept: kind.map { $0 == "bitmap" }, bitmap: disk.nonempty("bitmap"), line: disk.line))
    }
    guard !disks.isEmpty else { throw broken(element, "<disk> is missing") }
    return disks
  }

  /// Letters, digits, underscores, hyphens, and dots but in front.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: ".") else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  private static func broken(_ element: XMLElement, _ rule: String) -> VirtError {
    element.wrong(.xmlInvalidSchema, rule, .xml)
  }
}

extension CheckpointRequest.Disk {
  /// An error about the disk as the document names it.
  package func wrong(_ rule: String) -> VirtError {
    VirtError(.configUnsupported, .domainCheckpoint, in: "disk", line: line, rule)
  }
}
