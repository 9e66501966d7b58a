import Testing
import VirtCore
import VirtEngine
import VirtModel
import VirtXML

/// Domains whose disk "vda" has a chain of files, the one in use first.
@Suite struct SnapshotMergeTests {
  private static let context = ModelContext(architecture: "x86_64")
  private static let uuid = UUID.random()

  private static func domain(_ files: String...) throws -> DomainDefinition {
    let behind = files.dropFirst().map { "<backingStore type='file'><format type='qcow2'/><source file='\($0)'/>" }.joined()
    let ends = String(repeating: "</backingStore>", count: files.count - 1)
    let text = """
      <domain type='test'><name>d</name><uuid>\(uuid)</uuid><memory>1</memory><os><type>hvm</type></os><devices>
      <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='\(files[0])'/>\(behind)\(ends)<target dev='vda'/></disk>
      </devices></domain>
      """
    return try .read(try XMLReader.read(text, for: .domain), context)
  }

  /// A snapshot of a domain as it was, whose disk went on in another file.
  private static func snapshot(_ name: String, _ domain: DomainDefinition, went file: String?) -> SnapshotDefinition {
    var snapshot = SnapshotDefinition(name: name, state: "shutoff", creationTime: 1, memory: .none)
    snapshot.domain = domain
    var disk = SnapshotDefinition.Disk(name: "vda", place: file == nil ? .internal : .external)
    if let file { disk.content = [.element(XMLElement("source", [XMLAttribute("file", file)]))] }
    snapshot.disks = [disk]
    return snapshot
  }

  private static func files(_ domain: DomainDefinition?) -> [String]? { domain?.chain("vda")?.layers.compactMap(\.path) }

  /// A domain that went on in b and then in c.
  private static func record() throws -> DomainRecord {
    var record = DomainRecord(try domain("c", "b", "a"), isPersistent: true)
    let one = record.snapshots.forest.add("one", snapshot("one", try domain("a"), went: "b"), below: nil)
    _ = record.snapshots.forest.add("two", snapshot("two", try domain("b", "a"), went: "c"), below: one)
    return record
  }

  private static func delete(_ names: String..., in record: inout DomainRecord) throws {
    let gone = names.compactMap { record.snapshots.forest[$0] }
    var merge = SnapshotMerge(record, without: gone)
    for one in gone.reversed() { try merge.merge(one.definition) }
    merge.apply(to: &record)
    for one in gone { record.snapshots.forest.remove(one) }
  }

  @Test func mergesTheNewestFileIntoTheOneBehind() throws {
    var record = try Self.record()
    try Self.delete("two", in: &record)
    #expect(Self.files(record.definition) == ["b", "a"])
    #expect(Self.files(record.snapshots.forest["one"]?.definition.domain) == ["a"])
    try Self.delete("one", in: &record)
    #expect(Self.files(record.definition) == ["a"])
  }

  @Test func mergesInTheMiddleForAllWhoNeedIt() throws {
    var record = try Self.record()
    record.next = try Self.domain("c", "b", "a")
    let stamp = record.snapshots.forest["two"]?.stamp
    try Self.delete("one", in: &record)
    #expect(Self.files(record.definition) == ["c", "a"] && Self.files(record.next) == ["c", "a"])
    #expect(Self.files(record.snapshots.forest["two"]?.definition.domain) == ["a"])
    #expect(record.snapshots.forest["two"]?.stamp != stamp)
  }

  @Test func mergesAllAtOnce() throws {
    var record = try Self.record()
    try Self.delete("one", "two", in: &record)
    #expect(Self.files(record.definition) == ["a"])
  }

  @Test func refusesWhereAnotherNeedsTheFileBehind() throws {
    var record = try Self.record()
    // A second branch went on from a in d.
    _ = record.snapshots.forest.add("three", Self.snapshot("three", try Self.domain("a"), went: "d"), below: nil)
    let error = #expect(throws: VirtError.self) { try Self.delete("one", in: &record) }
    #expect(error?.code == .operationUnsupported && error?.subject == "a")
    #expect(Self.files(record.definition) == ["c", "b", "a"] && record.snapshots.forest.count == 3)
    // So does a domain that uses that file itself.
    record.snapshots.forest["three"].map { record.snapshots.forest.remove($0) }
    record.next = try Self.domain("a")
    #expect(throws: VirtError.self) { try Self.delete("one", in: &record) }
    #expect(Self.files(record.next) == ["a"])
    // And one that has it behind another one.
    record.next = try Self.domain("e", "a")
    #expect(throws: VirtError.self) { try Self.delete("one", in: &record) }
    #expect(Self.files(record.definition) == ["c", "b", "a"] && Self.files(record.next) == ["e", "a"])
  }

  @Test func refusesWhileTheDiskHasAJob() throws {
    var record = try Self.record()
    record.blockJobs["vda"] = BlockJob(.pull(base: nil), size: 1, bandwidth: 0)
    let error = #expect(throws: VirtError.self) { try Self.delete("two", in: &record) }
    #expect(error?.code == .blockCopyActive)
    record.blockJobs = [:]
    try Self.delete("two", in: &record)
    #expect(Self.files(record.definition) == ["b", "a"])
  }

  @Test func leavesAloneWhatNobodyHasAnyMore() throws {
    var record = DomainRecord(try Self.domain("x"), isPersistent: true)
    _ = record.snapshots.forest.add("one", Self.snapshot("one", try Self.domain("a"), went: "b"), below: nil)
    _ = record.snapshots.forest.add("inside", Self.snapshot("inside", try Self.domain("x"), went: nil), below: nil)
    try Self.delete("one", in: &record)
    try Self.delete("inside", in: &record)
    #expect(Self.files(record.definition) == ["x"])
  }
}
