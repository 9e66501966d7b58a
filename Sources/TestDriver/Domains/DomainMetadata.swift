internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  func metadata(
    _ domain: Domain, _ kind: Int32, _ uri: BorrowedText?, _ flags: DomainModificationImpact
  ) throws(VirtError) -> String? {
    try accept(flags, only: [.live, .config], in: "domainGetMetadata")
    let kind = try MetadataKind.read(kind, for: .domain)
    let values = try with(domain) { (record) throws(VirtError) in
      (try Impact(flags.rawValue, of: record).live ? record.definition : record.configuration).values
    }
    guard let found = kind.value(in: values, uri) else {
      throw VirtError(.noDomainMetadata, .domain, "the domain has no such metadata:", values.name)
    }
    return found
  }

  func setMetadata(
    _ domain: Domain, _ kind: Int32, _ text: BorrowedText?, _ key: BorrowedText?, _ uri: BorrowedText?,
    _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetMetadata")
    let change = try MetadataChange(kind, text, key, uri, for: .domain)
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      let impact = try Impact(flags.rawValue, of: record)
      record.change(live: impact.live, configuration: impact.configuration) { change.apply(to: &$0) }
    }
    guard world.events.wantsDomainMetadataChange else { return }
    let (definition, id) = object.record.withLock { ($0.definition, $0.id) }
    world.events.domainMetadataChange(
      ObjectIdentity(definition.name, uuid: object.uuid, id: id), type: kind, nsuri: uri?.string)
  }
}
