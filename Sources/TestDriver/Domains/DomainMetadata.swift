internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  func metadata(
    _ domain: Domain, _ kind: Int32, _ uri: BorrowedText?, _ flags: DomainModificationImpact
  ) throws(VirtError) -> String? {
    try accept(flags, only: [.live, .config], in: "domainGetMetadata")
    guard kind >= 0, kind <= DomainMetadataType.element.rawValue else { throw Self.noSuchKind(kind) }
    let values = try with(domain) { (record) throws(VirtError) in
      (try Impact(flags.rawValue, of: record).live ? record.definition : record.configuration).values
    }
    let found: String?
    switch DomainMetadataType(rawValue: kind) {
    case .description: found = values.description
    case .title: found = values.title
    default: found = values.foreignMetadata(uri?.string ?? "")
    }
    guard let found else {
      throw VirtError(.noDomainMetadata, .domain, "the domain has no such metadata:", values.name)
    }
    return found
  }

  func setMetadata(
    _ domain: Domain, _ kind: Int32, _ text: BorrowedText?, _ key: BorrowedText?, _ uri: BorrowedText?,
    _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetMetadata")
    let change: (inout DomainValues) -> Void
    let text = text?.string
    switch DomainMetadataType(rawValue: kind) {
    case .description: change = { $0.description = text.flatMap { $0.isEmpty ? nil : $0 } }
    case .title: change = { $0.title = text.flatMap { $0.isEmpty ? nil : $0 } }
    case .element:
      let element = try text.map { (text) throws(VirtError) in try XMLReader.read(text, for: .domain) }
      let key = key?.string ?? "", uri = uri?.string ?? ""
      change = { $0.setForeignMetadata(element, prefix: key, uri: uri) }
    default: throw Self.noSuchKind(kind)
    }
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      record.change(live: impact.live, configuration: impact.configuration, change)
    }
    guard world.events.wantsDomainMetadataChange else { return }
    let (definition, id) = object.record.withLock { ($0.definition, $0.id) }
    world.events.domainMetadataChange(
      ObjectIdentity(definition.name, uuid: object.uuid, id: id), type: kind, nsuri: uri?.string)
  }

  private static func noSuchKind(_ kind: Int32) -> VirtError {
    VirtError(.invalidArg, .domain, "there is no kind of metadata", "\(kind)")
  }
}
