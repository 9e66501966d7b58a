internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// The driver's own configuration of a domain is a file that describes a world with nothing but it: `test:///its/path` opens it.
  private static let format = "test-node"

  private func check(_ format: BorrowedText) throws(VirtError) {
    guard format.string == Self.format else {
      throw VirtError(.invalidArg, .test, "the driver has no configuration in the format", format.string)
    }
  }

  func readNative(_ format: BorrowedText, _ text: BorrowedText, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "connectDomainXMLFromNative")
    try check(format)
    let root = try XMLReader.read(text.bytes, for: .test)
    guard root.isNamed("node") else { throw VirtError(.xmlError, .test, "the document is no <node> but a", root.name) }
    guard let domain = root.first("domain") else { throw VirtError(.xmlError, .test, "the world has no domain") }
    guard domain["file"] == nil else {
      throw VirtError(.argumentUnsupported, .test, "a domain in another file is not read:", domain["file"] ?? "")
    }
    return try HostString(try DomainDefinition.read(domain.declaring(from: root), world.context).textWithSecrets(id: -1))
  }

  func writeNative(_ format: BorrowedText, _ text: BorrowedText, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "connectDomainXMLToNative")
    try check(format)
    let definition = try DomainDefinition.read(try XMLReader.read(text.bytes, for: .domain), world.context)
    var writer = XMLWriter(capacity: 4096)
    writer.write("<node>\n")
    definition.write(to: &writer, depth: 1, secrets: true)
    writer.write("</node>\n")
    return try HostString(writer.array)
  }
}
