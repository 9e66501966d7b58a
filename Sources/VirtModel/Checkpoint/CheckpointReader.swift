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

  /// What is asked for one disk.
  package struct Disk: Sendable {
    /// The guest's name for it, or its file.
    package var name: String
    /// Whether it takes part; absent when the document does not say.
    package var isKept: Bool?
    /// The name of its bitmap.
    package var bitmap: String?
  }

  private static let parts: Set<String> = ["name", "description", "disks", "creationTime", "parent", "domain"]

  /// Reads a checkpoint's document, which keeps to its rules even where nobody asks for validation.
  ///
  /// - Parameter isExisting: Whether it describes a checkpoint that there was.
  package static func read(
    _ element: XMLElement, _ context: ModelContext, isExisting: Bool
  ) throws(VirtError) -> CheckpointRequest {
    guard element.name == "domaincheckpoint" else {
      throw VirtError(.xmlError, .xml, "the document is no <domaincheckpoint> but a", element.name)
    }
    guard element.attributes.isEmpty, !element.hasText else { throw broken("<domaincheckpoint> has elements only") }
    var seen: Set<String> = []
    for part in element.elements {
      guard parts.contains(part.name), seen.insert(part.name).inserted else {
        throw broken("a checkpoint has no such part, or has it once:", part.name)
      }
    }
    var request = CheckpointRequest()
    if let name = element.first("name") {
      guard isName(name.text) else { throw broken("this is no name of a checkpoint:", name.text) }
      request.name = name.text
    }
    request.description = element.first("description").flatMap { $0.text.isEmpty ? nil : $0.text }
    if let time = element.first("creationTime") {
      guard let seconds = Int64(time.text), seconds >= 0 else { throw broken("this is no time:", time.text) }
      request.creationTime = seconds
    }
    if let parent = element.first("parent") {
      guard let name = parent.first("name")?.text else { throw broken("<parent> needs a <name>") }
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
        throw broken("<disks> of a checkpoint has <disk name='…'/> only")
      }
      for attribute in disk.attributes where !["name", "checkpoint", "bitmap", "size"].contains(attribute.name) {
        throw broken("a <disk> of a checkpoint has no attribute", attribute.name)
      }
      if let size = disk["size"], UInt64(size) == nil { throw broken("this is no size:", size) }
      let kind = disk["checkpoint"]
      guard kind == nil || kind == "no" || kind == "bitmap" else { throw broken("there is no checkpoint of kind", kind ?? "") }
      guard kind != "no" || disk["bitmap"] == nil else { throw broken("a disk that takes no part has no bitmap:", name) }
      disks.append(Disk(name: name, isKept: kind.map { $0 == "bitmap" }, bitmap: disk["bitmap"].flatMap { $0.isEmpty ? nil : $0 }))
    }
    guard !disks.isEmpty else { throw broken("<disks> of a checkpoint needs a <disk>") }
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

  private static func broken(_ text: StaticString, _ subject: String = "") -> VirtError {
    VirtError(.xmlInvalidSchema, .xml, text, subject)
  }
}
