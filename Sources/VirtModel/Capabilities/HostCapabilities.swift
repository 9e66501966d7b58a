package import VirtCore
package import VirtXML

/// What a host and its hypervisor can do: a view of the document that says so, which keeps what nobody here knows.
package struct HostCapabilities: Sendable {
  /// The document.
  package let element: XMLElement

  /// Describes a host and its kinds of guests.
  package init(_ host: HostDescription, guests: [GuestSupport]) {
    element = XMLElement("capabilities", elements: [host.element] + guests.map(\.element))
  }

  /// Reads a document.
  ///
  /// - Throws: What is wrong with it, with the element and its line.
  package init(reading element: XMLElement) throws(VirtError) {
    try element.expect("capabilities")
    try DocumentGrammar.capabilities.check(element)
    self.element = DocumentGrammar.capabilities.arranged(element)
    try HostDescription(element: try self.element.needing("host")).check()
    for guest in guests { try guest.check() }
  }

  /// The host.
  package var host: HostDescription { HostDescription(element: element.first("host") ?? XMLElement("host")) }

  /// The kinds of guests that it runs.
  package var guests: [GuestSupport] { element.all("guest").map { GuestSupport(element: $0) } }

  /// The first kind of guest that fits; what is nil may be anything.
  ///
  /// - Parameters:
  ///   - system: What runs in the guest: `hvm`, `xen`, `linux`, `exe`...
  ///   - domain: Who runs it: `kvm`, `qemu`, `test`...
  package func guest(system: String? = nil, architecture: String? = nil, domain: String? = nil) -> GuestSupport? {
    guests.first { guest in
      (system ?? guest.system) == guest.system && (architecture ?? guest.architecture) == guest.architecture
        && (domain == nil || guest.domains.contains { $0.type == domain })
    }
  }

  /// Writes the document, an empty line before each of its parts.
  package func write(to writer: inout XMLWriter) {
    writer.write("<capabilities>\n")
    for part in element.elements {
      writer.write(byte: 0x0a)
      writer.write(part, depth: 1)
    }
    writer.write("\n</capabilities>\n")
  }
}

extension XMLElement {
  /// The first element of that name below.
  ///
  /// - Throws: That there is none.
  func needing(_ name: StaticString) throws(VirtError) -> XMLElement {
    guard let below = first(name) else {
      throw wrong(.xmlError, "<\(name)> is missing", .xml)
    }
    return below
  }

  /// The number in an attribute; 0 when there is none.
  func figure(_ name: StaticString) -> UInt32 { self[name].flatMap { UInt32($0) } ?? 0 }

  /// Refuses a list whose `num` is not how many of a name there are, and one that has a number twice.
  func checkList(of name: StaticString) throws(VirtError) {
    let listed = all(name)
    guard figure("num") == listed.count else {
      throw wrong(.xmlError, "'num' is '\(self["num"] ?? "")', but there are \(listed.count) of <\(name)>")
    }
    var seen: Set<UInt32> = []
    for one in listed where !seen.insert(one.figure("id")).inserted {
      throw one.wrong(.xmlError, "the 'id' \(one.figure("id")) is there twice")
    }
  }

  /// Refuses an attribute that is there but lists no numbers.
  func checkNumbers(_ name: StaticString) throws(VirtError) {
    if let text = self[name], NumberSet(text) == nil {
      throw wrong(.xmlError, "'\(name)' is no list of numbers: '\(text)'")
    }
  }
}
